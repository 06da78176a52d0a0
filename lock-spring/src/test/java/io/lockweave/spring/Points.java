package io.lockweave.spring;

import io.lockweave.HeldLock;
import io.lockweave.Locked;
import java.util.List;
import java.util.Optional;

/** A service as applications have it. */
public class Points {

    @Locked(name = "user", key = "#user")
    public long add(String user) {
        return HeldLock.current().orElseThrow().fence();
    }

    @Locked(name = "user", key = "#user")
    public String keyOf(String user) {
        return HeldLock.current().orElseThrow().key().toString();
    }

    @Locked(name = "${points.name:points}", key = "@tenants.current() + #user", waitTime = "${points.wait:2s}")
    public String ofTenant(String user) {
        return HeldLock.current().orElseThrow().key().toString();
    }

    @Locked(name = "user", key = "#users")
    public int together(List<String> users) {
        return HeldLock.current().orElseThrow().parts().size();
    }

    @Locked(name = "user", key = "#user", waitTime = "0", onUnavailable = Locked.OnUnavailable.SKIP)
    public Optional<String> skipping(String user) {
        return Optional.of("ran");
    }

    @Locked(
            name = "user",
            key = "#user",
            waitTime = "0",
            onUnavailable = Locked.OnUnavailable.FALLBACK,
            fallback = "busy")
    protected String fallingBack(String user) {
        return "ran";
    }

    private String busy(String user) {
        return "busy";
    }

    public boolean selfInvoked(String user) {
        add(user);
        return true;
    }

    public boolean unlocked() {
        return HeldLock.current().isEmpty();
    }

    @Locked(name = "nightly-report", waitTime = "0", onUnavailable = Locked.OnUnavailable.SKIP, holdAtLeast = "1m")
    public void nightlyReport(Runnable work) {
        work.run();
    }
}
