--[[
Writes what is known of a destination, while its lease is still ours, and lengthens the lease.
KEYS  1 lease   2 records (hash)
ARGV  1 token   2 ms of the lease   3 field   4 record as JSON
Answers 'written' or 'lost'.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'lost'
end
redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 'written'
