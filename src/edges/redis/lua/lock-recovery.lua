--[[
Takes the lock under which one recovery of an ensemble runs. The fence grows for ever, so that a late holder is known by its
smaller one.
KEYS  1 recovery lock   2 fence
ARGV  1 recovery   2 ms of the lock
Answers {'locked', fence}, or {'held', recovery} when another one has it.
]]
local holder = redis.call('HGET', KEYS[1], 'recovery')
if holder and holder ~= ARGV[1] then
  return { 'held', holder }
end
local fence = redis.call('INCR', KEYS[2])
redis.call('HSET', KEYS[1], 'recovery', ARGV[1], 'fence', fence)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { 'locked', fence }
