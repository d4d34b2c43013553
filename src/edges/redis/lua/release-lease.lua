--[[
Gives a lease back, if it is still ours.
KEYS  1 lease
ARGV  1 holder
Answers 1 when given back, 0 otherwise.
]]
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
