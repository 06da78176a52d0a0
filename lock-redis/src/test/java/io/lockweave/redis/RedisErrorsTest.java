package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockBackendException;
import java.io.EOFException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** What a client's exception means. */
class RedisErrorsTest {

    private static LockBackendException translated(RuntimeException failure) {
        return RedisErrors.translate("Jedis", "take a lock", failure);
    }

    @Test
    void aTlsConnectionThatIsCutIsAPassingFailureAndNotTheServersWord() {
        SSLHandshakeException cut = new SSLHandshakeException("Remote host terminated the handshake");
        cut.initCause(new EOFException("SSL peer shut down incorrectly"));

        assertThat(translated(new JedisConnectionException(cut)).retryable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "READONLY You can't write against a read only replica.",
                "CLUSTERDOWN The cluster is down",
                "MISCONF Redis is configured to save RDB snapshots"
            })
    void aServerThatCannotServeForNowIsAPassingFailure(String error) {
        assertThat(translated(new JedisDataException(error)).retryable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOAUTH Authentication required.",
                "NOPERM this user has no permissions to run the 'evalsha' command",
                "ERR unknown command 'EVALSHA'"
            })
    void aServerThatWillNeverServeIsALastingFailure(String error) {
        LockBackendException failure = translated(new JedisDataException(error));

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("To fix it");
    }
}
