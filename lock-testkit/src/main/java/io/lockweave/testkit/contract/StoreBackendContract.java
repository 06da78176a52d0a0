package io.lockweave.testkit.contract;

import io.lockweave.spi.LockStore;

/**
 * The contract of every backend with a store: that of {@link BackendContract}, what {@link LockStore} promises call by
 * call, and how {@link io.lockweave.Locks} of several JVMs behave on it. {@link #newBackend()} must give
 * {@link LockStore}s. What the store can be put through is said by implementing {@link StoreHook}s.
 */
public abstract class StoreBackendContract extends BackendContract
        implements ClaimContract,
                JointClaimContract,
                OwnershipContract,
                LeaseContract,
                FenceContract,
                SharedClaimContract,
                KeyContract,
                QueueContract,
                StoreViewContract,
                FleetContract,
                FailureContract,
                SentReleaseContract,
                LossContract,
                LateMessageContract {}
