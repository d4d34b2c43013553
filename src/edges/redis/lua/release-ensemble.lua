--[[
Lets go of an ensemble, if it is still ours.
KEYS  1 owners
ARGV  1 replica   2 ensemble
Answers 1 when let go, 0 otherwise.
]]
if redis.call('HGET', KEYS[1], ARGV[2]) == ARGV[1] then
  return redis.call('HDEL', KEYS[1], ARGV[2])
end
return 0
