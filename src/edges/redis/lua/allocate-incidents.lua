--[[
Gives the next incident numbers, binds them to their ensemble and remembers the ensemble. Forgets the numbers that many numbers ago:
such incidents are evicted long since.
KEYS  1 incident number   2 incident ensembles   3 ensembles
ARGV  1 ensemble   2 numbers kept   3 how many
Answers the first number.
]]
local last = redis.call('INCRBY', KEYS[1], ARGV[3])
local first = last - tonumber(ARGV[3]) + 1
for number = first, last do
  redis.call('HSET', KEYS[2], number, ARGV[1])
  redis.call('HDEL', KEYS[2], number - tonumber(ARGV[2]))
end
redis.call('SADD', KEYS[3], ARGV[1])
return first
