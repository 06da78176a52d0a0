-- Frees the lock if the owner holds it and lets in who waits; with ARGV[4] = 1 the owner also leaves the queue.
-- Answers 1 if it was held, else 0.
local owner, text, counted, withdrawn = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4] == '1'

local queued = withdrawn and leave_queue(owner)
read_lock()
if foreign then return {'0'} end
local held = holders[owner] ~= nil
if held then drop(owner) end
-- What goes wrong from here on must not hide that it is released; the waiters ask again by themselves.
if held or queued then pcall(hand_on, text, counted) end
return {held and '1' or '0'}
