--[[
Makes everything that waits at a destination ripe now.
KEYS  1-3 lanes
ARGV  1 now, ms
Answers how many were not ripe.
]]
local count = 0
for lane = 1, 3 do
  for _, thing in ipairs(redis.call('ZRANGEBYSCORE', KEYS[lane], '(' .. ARGV[1], '+inf')) do
    redis.call('ZADD', KEYS[lane], 'XX', ARGV[1], thing)
    count = count + 1
  end
end
return count
