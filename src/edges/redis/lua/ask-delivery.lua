--[[
Asks that a destination be brought up to date with an incident. The lanes are sorted sets of what waits by the time it is ripe; a
thing waits in one lane only, the most urgent it was asked for in. Whoever is patient leaves alone what waits already, and only
sees to it that somebody comes.
KEYS  1-3 lanes, most urgent first   4 waiting (hash: thing -> lane:asked:since)   5 lease   6 counter   7 woken
ARGV  1 thing   2 lane, 1 to 3   3 now, ms   4 '1' when patient   5 ms until somebody must have woken
Answers 1 when a job must be started, 0 when somebody is at it or was called already.
]]
local entry = redis.call('HGET', KEYS[4], ARGV[1])
if not entry or ARGV[4] ~= '1' then
  local lane = tonumber(ARGV[2])
  local asked, since, ripe = 0, ARGV[3], ARGV[3]
  if entry then
    local lane_before, asked_before, since_before = string.match(entry, '^(%d+):(%d+):(%d+)$')
    asked = tonumber(asked_before)
    since = since_before
    lane_before = tonumber(lane_before)
    local ripe_before = redis.call('ZSCORE', KEYS[lane_before], ARGV[1])
    -- A redraw waits for the time that was set; a person or a call does not.
    if ripe_before and ((lane == 3 and lane_before == 3) or tonumber(ripe_before) < tonumber(ripe)) then
      ripe = ripe_before
    end
    if lane_before < lane then
      lane = lane_before
    elseif lane_before > lane then
      redis.call('ZREM', KEYS[lane_before], ARGV[1])
    end
  end
  redis.call('ZADD', KEYS[lane], ripe, ARGV[1])
  redis.call('HSET', KEYS[4], ARGV[1], string.format('%d:%d:%s', lane, asked + 1, since))
  redis.call('INCR', KEYS[6])
end
if redis.call('EXISTS', KEYS[5]) == 1 then
  return 0
end
if redis.call('SET', KEYS[7], '1', 'NX', 'PX', ARGV[5]) then
  return 1
end
return 0
