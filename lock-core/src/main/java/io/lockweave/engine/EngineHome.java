package io.lockweave.engine;

import io.lockweave.LockEvent;
import io.lockweave.LockLostException;
import io.lockweave.spi.TimeSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How the holds of one engine begin and end. */
final class EngineHome extends Hold.Home {

    private final TimeSource time;
    private final Timers timers;
    private final Workers workers;
    private final EventPublisher events;
    private final MaxHold maxHold;
    private final LockOrder order;
    private final Losses losses;
    private final LostInViews lostInViews;
    private final @Nullable StoreParts store;

    EngineHome(
            Leftovers leftovers,
            TimeSource time,
            Timers timers,
            Workers workers,
            EventPublisher events,
            MaxHold maxHold,
            LockOrder order,
            Losses losses,
            LostInViews lostInViews,
            @Nullable StoreParts store) {
        super(leftovers);
        this.time = time;
        this.timers = timers;
        this.workers = workers;
        this.events = events;
        this.maxHold = maxHold;
        this.order = order;
        this.losses = losses;
        this.lostInViews = lostInViews;
        this.store = store;
    }

    @Override
    long now() {
        return time.nanoTime();
    }

    @Override
    Timers timers() {
        return timers;
    }

    @Override
    EventPublisher events() {
        return events;
    }

    @Override
    Workers workers() {
        return workers;
    }

    @Override
    MaxHold maxHold() {
        return maxHold;
    }

    /** A hold has begun that was asked for at that time. */
    void acquired(Hold hold, long start) {
        order.acquired(hold);
        if (events.heard()) {
            hold.fire(LockEvent.Type.ACQUIRED, hold.since() - start, null, "");
        }
    }

    @Override
    void uncount(Hold hold) {
        if (hold.stage == Hold.COUNTED || hold.stage == Hold.BEGUN) {
            hold.cancelLeaseEnd();
            hold.owner().holdEnded();
            hold.stage = Hold.UNCOUNTED;
            order.released(hold);
        }
    }

    @Override
    void leave(Hold hold, @Nullable JointRelease together) {
        uncount(hold);
        LeasedGrant live = hold.live();
        StoreParts known = store;
        if (live == null || known == null) {
            leaveLocally(hold);
        } else {
            new StoreRelease(known, hold, live).run(together);
        }
    }

    private void leaveLocally(Hold hold) {
        long least = hold.options().holdAtLeastNanos();
        if (least > 0 && hold.since() + least - now() > 0) {
            hold.keepUntil(hold.since() + least);
        } else {
            vacate(hold);
        }
        hold.fire(LockEvent.Type.RELEASED, null, "");
    }

    @Override
    void vacate(Hold hold) {
        if (hold.stage == Hold.OUT) {
            hold.gate().followUp();
        } else if (hold.stage != Hold.FRESH && !hold.isOut()) {
            hold.gate().dismiss(hold);
            hold.gate().leave(hold);
        }
        hold.stage = Hold.FOLLOWED_UP;
    }

    @Override
    void undo(Hold hold) {
        uncount(hold);
        vacate(hold);
    }

    @Override
    void leaveLost(Hold hold, String why) {
        lostInViews.note(hold);
        uncount(hold);
        vacate(hold);
        losses.report(hold, why);
    }

    @Override
    void runLossAction(Hold hold, Consumer<LockLostException> action) {
        losses.run(hold, action);
    }

    @Override
    void finish(Runnable rest) {
        workers.giveBack(() -> workers.callBack(events.puttingOff(rest)));
    }
}
