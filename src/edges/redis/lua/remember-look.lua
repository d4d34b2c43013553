--[[
Remembers one look at an ensemble: memory and status replaced, one sample added to each ring, the growing point of each list of points
replaced, or followed by a new one.
KEYS  1 look   2… rings, one for each sample   then lists of points
ARGV  1 expected version   2 new version   3 time of the look, ms   4 token of this write   5 memory as JSON   6 status as JSON
      7 samples kept   8 ms after which a ring that nobody adds to is dropped   9 number of samples   10… samples, in the order of
      the rings   then for each list of points: the point, points kept, ms after which a list that nobody adds to is dropped
Answers 'written', or 'conflict' when the version is another or the look is not newer than the one remembered. The same token again
answers 'written'.
]]
local known = redis.call('HMGET', KEYS[1], 'version', 'atMs', 'token')
if known[3] == ARGV[4] then
  return 'written'
end
if (known[1] or '0') ~= ARGV[1] or tonumber(ARGV[3]) <= tonumber(known[2] or '0') then
  return 'conflict'
end

-- A script that fails half way keeps what it wrote: look at every key before the first write.
for index = 2, #KEYS do
  redis.call('LLEN', KEYS[index])
end

redis.call('HSET', KEYS[1], 'version', ARGV[2], 'atMs', ARGV[3], 'token', ARGV[4], 'memory', ARGV[5], 'status', ARGV[6])
local samples = tonumber(ARGV[9])
for index = 1, samples do
  local ring = KEYS[1 + index]
  redis.call('RPUSH', ring, ARGV[9 + index])
  redis.call('LTRIM', ring, -tonumber(ARGV[7]), -1)
  redis.call('PEXPIRE', ring, ARGV[8])
end

-- A point opens with the time its span began: `[1795219200000,`.
local at = 10 + samples
for index = 2 + samples, #KEYS do
  local list, point = KEYS[index], ARGV[at]
  local last = redis.call('LINDEX', list, -1)
  local span = string.match(point, '^%[%d+,')
  if last and string.sub(last, 1, #span) == span then
    redis.call('LSET', list, -1, point)
  else
    redis.call('RPUSH', list, point)
    redis.call('LTRIM', list, -tonumber(ARGV[at + 1]), -1)
  end
  redis.call('PEXPIRE', list, ARGV[at + 2])
  at = at + 3
end
return 'written'
