package io.lockweave.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.Lockweave;
import io.lockweave.WeavingCheck;
import io.lockweave.invoke.Applications;
import io.lockweave.invoke.RecordingLocks;
import io.lockweave.weaving.program.ForgottenClasses;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that were compiled in other ways than those of this build. */
class CompiledElsewhereTest {

    private static final String SOURCE = """
            import io.lockweave.Locked;
            public class Elsewhere {
                @Locked(name = "user", key = "#user") public void byName(String user) {}
                @Locked(name = "user", key = "#p0") public void byPosition(String user) {}
                @Locked(name = "user", key = "#other") public void byWrongName(String user, int number) {}
            }
            abstract class AbstractElsewhere {
                @Locked(name = "user") static void ofClass() {}
            }
            """;

    @TempDir
    Path folder;

    private final RecordingLocks locks = new RecordingLocks();

    @BeforeEach
    void useRecordingLocks() {
        Lockweave.use(locks);
    }

    @AfterEach
    void reset() {
        Lockweave.reset();
    }

    @Test
    void withoutParameterNamesTheErrorNamesTheMethodAndBothRemedies() throws Throwable {
        Class<?> type = compile("-g:none");

        assertThatThrownBy(() -> call(type, "byName", "a"))
                .isInstanceOf(LockUsageException.class)
                .hasMessage("key = \"#user\" of Elsewhere.byName(String): the class file has no parameter names,"
                        + " so #user is not"
                        + " known. To fix it: compile with -parameters, or write the position: #p0.");
        assertThatThrownBy(() -> call(type, "byWrongName", "a", 1)).hasMessageContaining("#p0, #p1");
        call(type, "byPosition", "a");
        assertThat(locks.log()).containsExactly("acquire user[a]", "release");
    }

    @Test
    void withParameterNamesTheyAreUsed() throws Throwable {
        Class<?> type = compile("-parameters");

        call(type, "byName", "a");
        assertThat(locks.log()).containsExactly("acquire user[a]", "release");
        assertThatThrownBy(() -> call(type, "byWrongName", "a", 1))
                .hasMessageContaining("there is no parameter #other")
                .hasMessageContaining("use one of #user, #number");
    }

    @Test
    void allClassesOfAFolderOrJarCanBeChecked() throws Exception {
        Class<?> type = compile("-parameters");
        assertThatThrownBy(() -> WeavingCheck.requireAllBeside(type))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Elsewhere.byName(String)")
                .hasMessageContaining("Elsewhere.byPosition(String)")
                .hasMessageContaining("AbstractElsewhere.ofClass()");

        Path jar = folder.resolve("elsewhere.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("Elsewhere.class"));
            Files.copy(folder.resolve("Elsewhere.class"), out);
        }
        Files.delete(folder.resolve("Elsewhere.class"));
        URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
        assertThatThrownBy(() -> WeavingCheck.requireAllBeside(loader.loadClass("Elsewhere")))
                .hasMessageContaining("Elsewhere.byName(String)");

        WeavingCheck.requireAllBeside(WeavingCheck.class);
        assertThatThrownBy(() -> WeavingCheck.requireAllBeside(String.class))
                .hasMessageContaining("neither a folder nor a jar");
    }

    @Test
    void aClassLoaderThatIsDroppedCanBeCollected() throws Exception {
        Path source = Files.writeString(folder.resolve("Gone.java"), """
                import io.lockweave.Locked;
                public class Gone {
                    public int getId() { return 1; }
                    @Locked(name = "gone", key = "#gone.id") public void byGetter(Gone gone) {}
                    @Locked(name = "gone", key = "#root.target.id + #gone.hashCode()") public void byRoot(Gone gone) {}
                }
                """);
        ForkedJvm.compile(folder, List.of("-parameters"), source);

        // caches that are emptied when memory is short are emptied at each collection here
        assertThat(ForkedJvm.run(
                        Path.of(System.getProperty("java.home")),
                        List.of("-XX:SoftRefLRUPolicyMSPerMB=0"),
                        System.getProperty("java.class.path"),
                        ForgottenClasses.class.getName(),
                        folder.toString(),
                        "Gone"))
                .containsEntry("collected", "true");
    }

    private Class<?> compile(String option) throws Exception {
        Path source = Files.writeString(folder.resolve("Elsewhere.java"), SOURCE);
        ForkedJvm.compile(folder, List.of(option), source);
        URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
        return loader.loadClass("Elsewhere");
    }

    private static void call(Class<?> type, String name, Object... args) throws Throwable {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name)) {
                Applications.invoker(type, null).invoke(method, null, args, () -> null);
            }
        }
    }
}
