--[[
Pins or replaces the card of an incident; makes room by taking down the oldest resolved card, or else the oldest.
KEYS  1 cards   2 order   3 resolved   4 delivery keys
ARGV  1 incident   2 card with its key and time, as JSON   3 '1' when the card is resolved   4 delivery key   5 time, ms
      6 cards kept   7 delivery keys kept   8 beginning of thread keys
Answers 1.
]]
redis.call('ZCARD', KEYS[2])
redis.call('ZCARD', KEYS[3])
redis.call('ZADD', KEYS[4], ARGV[5], ARGV[4])
redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -1 - tonumber(ARGV[7]))
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[1], ARGV[1])
if ARGV[3] == '1' then
  redis.call('ZADD', KEYS[3], ARGV[1], ARGV[1])
else
  redis.call('ZREM', KEYS[3], ARGV[1])
end
while redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[6]) do
  local gone = redis.call('ZRANGE', KEYS[3], 0, 0)[1] or redis.call('ZRANGE', KEYS[2], 0, 0)[1]
  redis.call('ZREM', KEYS[2], gone)
  redis.call('ZREM', KEYS[3], gone)
  redis.call('HDEL', KEYS[1], gone)
  redis.call('DEL', ARGV[8] .. gone)
end
return 1
