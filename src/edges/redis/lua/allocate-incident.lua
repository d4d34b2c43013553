--[[
Gives the next incident number, binds it to its ensemble and remembers the ensemble. Forgets the number that many numbers ago: such
an incident is evicted long since.
KEYS  1 incident number   2 incident ensembles   3 ensembles
ARGV  1 ensemble   2 numbers kept
Answers the number.
]]
local number = redis.call('INCR', KEYS[1])
redis.call('HSET', KEYS[2], number, ARGV[1])
redis.call('HDEL', KEYS[2], number - tonumber(ARGV[2]))
redis.call('SADD', KEYS[3], ARGV[1])
return number
