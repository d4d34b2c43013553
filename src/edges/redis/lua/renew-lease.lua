--[[
Lengthens a lease, if it is still ours.
KEYS  1 lease
ARGV  1 holder   2 ms of the lease from now
Answers 1 when lengthened, 0 otherwise.
]]
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
