package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeasedGrantTest {

    private static final LockKey KEY = LockKey.of("thing", 1);
    private static final long LEASE = TimeUnit.MINUTES.toNanos(1);

    @Test
    void ofTwoThatLeaveAtOnceNeitherIsLost() {
        try (LockEngine locks = (LockEngine) Locks.local()) {
            EngineParts parts = locks.parts();
            ResolvedOptions options =
                    new OptionsResolver(parts).of(KEY, LockOptions.defaults().shared());
            Owner owner = Owner.scope("first");
            Claim claim = new ClaimFactory(parts.namespace(), true).of(KEY, options, owner);
            LeasedGrant live = new LeasedGrant(new Grant(claim, 7, 2), LEASE, true, parts.now(), parts.now() + LEASE);
            Gate gate = parts.gates().create(KEY, options);
            Hold first = new Hold(parts.home(), gate, owner, options, parts.now());
            Hold second = new Hold(parts.home(), gate, Owner.scope("second"), options, parts.now());
            live.join(first, false);
            live.join(second, true);

            LeasedGrant.Parting parting = live.part(first, 0);
            assertThat(live.part(second, 0)).isEqualTo(LeasedGrant.Parting.LAST);
            assertThat(live.endIfUnused()).isTrue(); // before the first one has looked what its parting meant

            assertThat(parting).isEqualTo(LeasedGrant.Parting.OTHERS_STAY);
        }
    }

    @Test
    void whoJoinsHasBegunAndSoCanBeLostAtOnceWithoutATrace() {
        try (LockEngine locks = (LockEngine) Locks.local()) {
            EngineParts parts = locks.parts();
            ResolvedOptions options = new OptionsResolver(parts).of(KEY, LockOptions.defaults());
            Owner owner = Owner.current();
            Claim claim = new ClaimFactory(parts.namespace(), true).of(KEY, options, owner);
            LeasedGrant live = new LeasedGrant(new Grant(claim, 7, 1), LEASE, true, parts.now(), parts.now() + LEASE);
            Gate gate = parts.gates().create(KEY, options);
            parts.gates().register(gate);
            Hold hold = new Hold(parts.home(), gate, owner, options, parts.now());

            assertThat(live.join(hold, false)).isTrue();
            assertThat(gate.heldBy(owner)).isSameAs(hold);
            live.lose("as the test wants it");

            assertThat(hold.isLost()).isTrue();
            assertThat(hold.fence()).isEqualTo(7);
            assertThat(owner.holdsAny()).isFalse();
            assertThat(gate.holds()).isEmpty();
            assertThat(parts.gates().all()).isEmpty();
            assertThat(live.join(new Hold(parts.home(), gate, owner, options, parts.now()), false))
                    .isFalse();
        }
    }
}
