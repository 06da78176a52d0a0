-- Frees the lock if the owner holds it, with no key but that of the lock: while a slot moves to another server of a Cluster,
-- the others may be there already. Nobody is let in; the waiters ask by themselves. Answers 1 if it was held, else 0.
read_lock()
if foreign or not holds(ARGV[1]) then return {'0'} end
drop(ARGV[1])
return {'1'}
