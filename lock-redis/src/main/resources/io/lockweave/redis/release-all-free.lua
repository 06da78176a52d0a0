-- Frees those of several exclusive locks that nobody waits for, as release-free.lua does with one. KEYS are the locks, and
-- ARGV has "2 X <owner> " for each. Answers for each 1 | W: release.lua has to look
local answers = {}
for i, lock in ipairs(KEYS) do
    answers[i] = 'W'
    if redis.pcall('GETRANGE', lock, 0, #ARGV[i] - 1) == ARGV[i] then
        redis.call('DEL', lock)
        answers[i] = '1'
    end
end
return answers
