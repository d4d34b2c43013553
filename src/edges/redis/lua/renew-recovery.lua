--[[
Lengthens the lock of a recovery, if it is still ours.
KEYS  1 recovery lock
ARGV  1 recovery   2 fence   3 ms of the lock
Answers 1 when lengthened, 0 when it is not ours any more.
]]
local lock = redis.call('HMGET', KEYS[1], 'recovery', 'fence')
if lock[1] ~= ARGV[1] or lock[2] ~= ARGV[2] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
