--[[
Writes what a destination was told, while the lease is still ours, and lengthens the lease. Records of an incident that is kept no
more go after a while by themselves.
KEYS  1 lease   2 deliveries of the incident   3 incident versions
ARGV  1 token   2 ms of the lease   3 destination   4 record as JSON   5 incident   6 ms to keep it without its incident
Answers 'written' or 'lost'.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'lost'
end
redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
if redis.call('HEXISTS', KEYS[3], ARGV[5]) == 0 then
  redis.call('PEXPIRE', KEYS[2], ARGV[6])
else
  redis.call('PERSIST', KEYS[2])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 'written'
