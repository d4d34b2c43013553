--[[
Gives the lock of a recovery back, if it is still ours.
KEYS  1 recovery lock
ARGV  1 recovery   2 fence
Answers 1 when given back, 0 otherwise.
]]
local lock = redis.call('HMGET', KEYS[1], 'recovery', 'fence')
if lock[1] ~= ARGV[1] or lock[2] ~= ARGV[2] then
  return 0
end
return redis.call('DEL', KEYS[1])
