--[[
Says which incidents of an ensemble are open, unless nothing was written since.
KEYS  1 open   2 versions
ARGV  1 mark of the last answer, or ''
Answers {mark}, or {mark, incident, stamp, incident, stamp, ...} by number when something was written since. A stamp is another one
with every state of an incident.
]]
local mark = redis.call('HGET', KEYS[2], '~') or ''
local answer = { mark }
if mark ~= '' and mark == ARGV[1] then
  return answer
end
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  answer[#answer + 1] = id
  answer[#answer + 1] = redis.call('HGET', KEYS[2], id) or ''
end
return answer
