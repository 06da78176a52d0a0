package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockUsageException;
import io.lockweave.Lockweave;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told at start and at the first call has the words of docs/mistakes.md, which the compiler tells. */
class MistakesTableTest {

    @BeforeEach
    void useRecordingLocks() {
        Lockweave.use(new RecordingLocks());
    }

    @AfterEach
    void useNoneAgain() {
        Lockweave.reset();
    }

    @Test
    void eachMessageIsInTheTable() throws IOException {
        String docs = Files.readString(Path.of("../docs/mistakes.md"));
        List<String> told = new ArrayList<>();
        for (Method method : Mistakes.class.getDeclaredMethods()) {
            if (Placement.isLocked(method)) {
                try {
                    Lockweave.invoker().check(method);
                } catch (LockUsageException e) {
                    told.add(e.getMessage().replace("io.lockweave.invoke.Mistakes", "com.acme.Points"));
                }
            }
        }
        assertThat(told).hasSizeGreaterThan(40).allSatisfy(message -> assertThat(docs)
                .contains("`" + message + "`"));
    }
}
