package io.lockweave;

import java.time.Duration;

/**
 * A store that does not answer, as this JVM has noticed by its own claims and renewals.
 *
 * @param lasting for how long nothing but failures has come
 * @param refusesClaims whether new claims are refused at once; one a second still asks
 * @param why what the last failure said
 */
public record LockOutage(Duration lasting, boolean refusesClaims, String why) {}
