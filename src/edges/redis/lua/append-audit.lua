--[[
Adds entries to the audit of an ensemble; the oldest go.
KEYS  1 audit
ARGV  1 entries kept   2… entries, oldest first
Answers 1.
]]
for index = 2, #ARGV do
  redis.call('LPUSH', KEYS[1], ARGV[index])
end
redis.call('LTRIM', KEYS[1], 0, tonumber(ARGV[1]) - 1)
return 1
