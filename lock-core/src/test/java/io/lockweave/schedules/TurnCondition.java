package io.lockweave.schedules;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A condition of a lock, for threads that take turns; the lock is held once when it is waited for. */
final class TurnCondition implements Condition {

    private final ReentrantLock lock;
    private final List<boolean[]> waiting = new ArrayList<>();

    TurnCondition(ReentrantLock lock) {
        this.lock = lock;
    }

    @Override
    public long awaitNanos(long nanos) throws InterruptedException {
        Schedule.Task task = Schedule.current();
        boolean[] signalled = new boolean[1];
        waiting.add(signalled);
        lock.unlock();
        task.await(() -> signalled[0] || task.isFlagged, nanos, "Condition.awaitNanos");
        boolean inTime = !task.hasTimedOut;
        Steps.lock(lock, "Condition.awaitNanos");
        waiting.remove(signalled);
        if (Steps.interrupted("Condition.awaitNanos")) {
            throw new InterruptedException();
        }
        return inTime ? nanos : 0;
    }

    @Override
    public void signal() {
        if (!waiting.isEmpty()) {
            waiting.remove(0)[0] = true;
        }
    }

    @Override
    public void signalAll() {
        waiting.forEach(one -> one[0] = true);
        waiting.clear();
    }

    @Override
    public void await() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void awaitUninterruptibly() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean await(long time, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean awaitUntil(Date deadline) {
        throw new UnsupportedOperationException();
    }
}
