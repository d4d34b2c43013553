--[[
Takes a lease that is free, or lengthens it when it is ours.
KEYS  1 lease
ARGV  1 holder   2 ms of the lease
Answers 1 when it is ours now, 0 when somebody else has it.
]]
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
