package io.lockweave.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.lockweave.Locked;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may call what needs a lock. */
class LockRulesTest {

    @Retention(RetentionPolicy.RUNTIME)
    @interface WritesUser {}

    @Retention(RetentionPolicy.RUNTIME)
    @Locked(name = "user")
    @interface UnderUser {}

    static final class Users {
        @WritesUser
        void save() {}

        @WritesUser
        void saveAll() {
            save();
        }
    }

    static final class Service {
        private final Users users = new Users();

        @Locked(name = "user")
        void locked() {
            users.save();
        }

        @UnderUser
        void composed() {
            users.save();
        }

        @Locked(name = "user")
        void inLambda(List<String> names) {
            names.forEach(name -> users.save());
        }

        @Locked(name = "order")
        void otherName() {
            users.save();
        }

        void unlocked() {
            users.saveAll();
        }

        Runnable asReference() {
            return users::save;
        }
    }

    private final JavaClasses classes = new ClassFileImporter().importClasses(Users.class, Service.class);

    @Test
    void callersWithoutALockAreNamed() {
        assertThat(LockRules.onlyCalledUnderLock(WritesUser.class)
                        .evaluate(classes)
                        .getFailureReport()
                        .getDetails())
                .hasSize(2)
                .anyMatch(line -> line.contains("Service.unlocked()") && line.contains("does not hold a lock"))
                .anyMatch(line -> line.contains("Service.asReference()"));
    }

    @Test
    void callersWithAnotherLockAreNamedToo() {
        assertThat(LockRules.onlyCalledUnderLock(WritesUser.class, "user")
                        .evaluate(classes)
                        .getFailureReport()
                        .getDetails())
                .hasSize(3)
                .anyMatch(line -> line.contains("Service.otherName()") && line.contains("lock \"user\""));
    }
}
