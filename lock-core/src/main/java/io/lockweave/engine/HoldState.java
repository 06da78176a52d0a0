package io.lockweave.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** How often a {@link Hold} is entered, and how it ended: one word that any thread changes in one step. */
abstract class HoldState extends HoldProgress {

    /** The first handle is still open. */
    private static final int FIRST = 1 << 30;

    private static final int LOST = -1;

    /** Given back by its owner, and kept from others for its least time. */
    private static final int KEPT = -2;

    private static final VarHandle STATE;
    private static final VarHandle VIEWS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(HoldState.class, "state", int.class);
            VIEWS = lookup.findVarHandle(HoldState.class, "viewEntries", ViewEntries.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What closing the first handle came to. */
    enum Closing {
        /** It was closed before, or the hold has ended. */
        NOTHING,
        /** The owner still has it by other entries. */
        OTHERS_STAY,
        /** All entries have ended. */
        LAST
    }

    /** The number of open handles and {@link #FIRST}; 0 once released, {@link #LOST} or {@link #KEPT}. */
    private volatile int state;

    private volatile @Nullable String lossReason;

    /** Those of the entries that were made through views; made when there is the first of them. */
    private volatile @Nullable ViewEntries viewEntries;

    HoldState() {
        STATE.set(this, FIRST | 1); // nobody else sees it yet
    }

    /** Counts another entry; false if the hold has just ended. */
    final boolean addEntry() {
        while (true) {
            int s = state;
            if (s <= 0) {
                return false;
            }
            if (STATE.compareAndSet(this, s, s + 1)) {
                return true;
            }
        }
    }

    final Closing closeFirstHandle() {
        while (true) {
            int s = state;
            if (s <= 0 || (s & FIRST) == 0) {
                return Closing.NOTHING;
            }
            int left = (s & ~FIRST) - 1;
            if (STATE.compareAndSet(this, s, left)) {
                return left == 0 ? Closing.LAST : Closing.OTHERS_STAY;
            }
        }
    }

    /** The first entry was made through a view: it has no handle that is closed, only entries that are counted. */
    final void beginAsView() {
        while (true) {
            int s = state;
            if (s <= 0 || STATE.compareAndSet(this, s, s & ~FIRST)) {
                return;
            }
        }
    }

    /**
     * One entry that is not the first handle's ends; whoever made it calls this once. If true, it was the last one, and
     * {@link Hold#leave} has to follow.
     */
    final boolean leaveEntry() {
        while (true) {
            int s = state;
            if (s <= 0) {
                return false;
            }
            if (STATE.compareAndSet(this, s, s - 1)) {
                return s == 1;
            }
        }
    }

    /** It ends as lost; false if it has ended already. */
    final boolean endAsLost(String why) {
        while (true) {
            int s = state;
            if (s <= 0) {
                return false;
            }
            lossReason = why;
            if (STATE.compareAndSet(this, s, LOST)) {
                return true;
            }
        }
    }

    /** The store said at release that it had been lost before. */
    final void foundLost(String why) {
        lossReason = why;
        state = LOST;
    }

    /** Nobody has it any more, or has ever got it. */
    final void endAsGivenBack() {
        state = 0;
    }

    /** Its owner has given it back, and it is kept from others. */
    final void endAsKept() {
        state = KEPT;
    }

    /** It is kept no longer; false if it was not. */
    final boolean keptNoLonger() {
        return STATE.compareAndSet(this, KEPT, 0);
    }

    public final boolean isLost() {
        return state == LOST;
    }

    final String whyLost() {
        String why = lossReason;
        return why == null ? "its lease ended" : why;
    }

    final boolean isFirstOpen() {
        int s = state;
        return s > 0 && (s & FIRST) != 0;
    }

    /** Whether its owner still has it: neither released nor lost. */
    final boolean isOpen() {
        return state > 0;
    }

    /** Whether it is entered, and through views alone. */
    final boolean hasOnlyViewEntries() {
        int s = state;
        return s > 0 && s == ViewEntries.count(viewEntries);
    }

    /** Whether its owner has given it back. */
    final boolean isGivenBack() {
        int s = state;
        return s == 0 || s == KEPT;
    }

    /** The entries through views. */
    final ViewEntries viewEntries() {
        ViewEntries known = viewEntries;
        if (known == null) {
            ViewEntries made = new ViewEntries();
            ViewEntries before = (ViewEntries) VIEWS.compareAndExchange(this, null, made);
            known = before == null ? made : before;
        }
        return known;
    }

    /** Counts an entry through a view out; false if there is none. */
    final boolean endViewEntry(boolean write) {
        ViewEntries known = viewEntries;
        return known != null && known.end(write);
    }

    /** Whether it is entered through a view. */
    final boolean isInView() {
        return ViewEntries.count(viewEntries) > 0;
    }
}
