--[[
Adds a line to the thread of a pinned card, once for each delivery key; the oldest lines go. Without a card there is no thread, and
the line counts as noted.
KEYS  1 cards   2 delivery keys   3 thread of the card
ARGV  1 incident   2 line as JSON   3 delivery key   4 time, ms   5 lines kept   6 delivery keys kept
Answers 1 when added, 0 when it was noted before or there is no card.
]]
local hasCard = redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1
redis.call('LLEN', KEYS[3])
if redis.call('ZADD', KEYS[2], 'NX', ARGV[4], ARGV[3]) == 0 then
  return 0
end
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - tonumber(ARGV[6]))
if not hasCard then
  return 0
end
redis.call('RPUSH', KEYS[3], ARGV[2])
redis.call('LTRIM', KEYS[3], -tonumber(ARGV[5]), -1)
return 1
