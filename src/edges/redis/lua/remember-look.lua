--[[
Remembers one look at an ensemble: memory and status replaced, one sample added to each ring.
KEYS  1 look   2… rings, one for each sample
ARGV  1 expected version   2 new version   3 time of the look, ms   4 token of this write   5 memory as JSON   6 status as JSON
      7 samples kept   8 ms after which a ring that nobody adds to is dropped   9… samples, in the order of the rings
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
for index = 2, #KEYS do
  redis.call('RPUSH', KEYS[index], ARGV[7 + index])
  redis.call('LTRIM', KEYS[index], -tonumber(ARGV[7]), -1)
  redis.call('PEXPIRE', KEYS[index], ARGV[8])
end
return 'written'
