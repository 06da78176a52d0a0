package io.lockweave.testkit.contract;

import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

/** The contract on a server in memory, a new one for each test. */
abstract class MemoryContract extends StoreBackendContract
        implements StoreHook.LosesItsData, StoreHook.CountsItsEntries, StoreHook.GoesDown {

    private final SkippingClock clock = new SkippingClock();
    private final MemoryServer server;

    MemoryContract(Function<TimeSource, MemoryServer> server) {
        this.server = server.apply(clock);
    }

    @Override
    protected LockBackend newBackend() {
        return new MemoryStore(server, capabilities());
    }

    @Override
    protected Set<Capability> capabilities() {
        return MemoryStore.CAPABILITIES;
    }

    @Override
    protected void letPass(Duration time) {
        clock.skip(time);
    }

    @Override
    public void loseData() {
        server.loseData();
    }

    @Override
    public long entries() {
        return server.entries();
    }

    @Override
    public void goDown() {
        server.down = true;
    }

    @Override
    public void comeBack() {
        server.down = false;
    }
}
