--[[
Keeps what a server said before a recovery acted on it, and forgets the oldest beyond a number.
KEYS  1 evidence of the ensemble (hash: recovery -> pack)
ARGV  1 recovery   2 pack   3 packs kept
Answers the number of packs kept.
]]
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local ids = redis.call('HKEYS', KEYS[1])
local excess = #ids - tonumber(ARGV[3])
if excess > 0 then
  table.sort(ids, function(a, b)
    return tonumber(string.match(a, '%d+')) < tonumber(string.match(b, '%d+'))
  end)
  for index = 1, excess do
    redis.call('HDEL', KEYS[1], ids[index])
  end
end
return math.min(#ids, tonumber(ARGV[3]))
