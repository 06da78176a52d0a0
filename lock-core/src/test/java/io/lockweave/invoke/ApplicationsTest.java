package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.Lockweave;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.invoke.program.Shop;
import io.lockweave.spi.LockBackendFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rule 17: several applications in one JVM keep their own locks, with and without files, loaders and containers. */
@Timeout(30)
class ApplicationsTest {

    private static final ClassLoader HERE = ApplicationsTest.class.getClassLoader();

    @TempDir
    Path folder;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void reset() throws Exception {
        Thread.currentThread().setContextClassLoader(before);
        Lockweave.reset();
        for (AutoCloseable one : toClose) {
            one.close();
        }
        Lockweave.reset();
    }

    /**
     * The class in a loader of its own, with a {@code lockweave.properties} that names its locks; null: without one.
     */
    private Class<?> program(String name) throws Exception {
        Path resources = Files.createDirectories(
                folder.resolve("of " + String.valueOf(name).lines().findFirst().orElse("")));
        if (name != null) {
            Files.writeString(resources.resolve("lockweave.properties"), "shop=" + name);
        }
        OwnLoader loader = new OwnLoader(HERE, resources, Shop.class.getName()::equals);
        toClose.add(loader);
        return loader.loadClass(Shop.class.getName());
    }

    private Application container(String name, ClassLoader home) {
        Properties properties = new Properties();
        properties.setProperty("shop", name);
        Locks locks = Locks.local();
        toClose.add(locks);
        Application application = Applications.open(
                name, home, new ConfiguredEnvironment(LockweaveConfig.of(properties), backend -> locks));
        toClose.add(application);
        return application;
    }

    private static Object sell(Class<?> program) throws Throwable {
        return OwnLoader.call(program, "sell");
    }

    private static <T> T in(ClassLoader context, Callable<T> call) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(context);
        try {
            return call.call();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    // ---- properties

    @Test
    void twoProgramsEachReadTheirOwnFile() throws Throwable {
        Class<?> one = program("one");
        Class<?> two = program("two");

        assertThat(sell(one)).isEqualTo("one");
        assertThat(sell(two)).isEqualTo("two");
        assertThat(sell(one)).isEqualTo("one");
    }

    @Test
    void theFileIsFoundFromAThreadWhoseContextLoaderDoesNotSeeIt() throws Throwable {
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
        assertThat(sell(program("one"))).isEqualTo("one");
    }

    @Test
    void backendsAreFoundFromAThreadWhoseContextLoaderDoesNotSeeThem() throws Throwable {
        Class<?> one = program("one\nlockweave.backend=shelf");
        Path services = Files.createDirectories(folder.resolve("of one/META-INF/services"));
        Files.writeString(
                services.resolve(LockBackendFactory.class.getName()), "io.lockweave.config.BackendLocksTest$Shelf");
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());

        assertThat(Applications.environment(one).locks("").backend()).isEqualTo("shelf");
    }

    @Test
    void noContextLoaderAtAllIsNoProblem() throws Throwable {
        Thread.currentThread().setContextClassLoader(null);
        assertThat(sell(program("one"))).isEqualTo("one");
    }

    @Test
    void contextLoaderAndClassThatSeeDifferentFilesAreAnError() throws Throwable {
        Class<?> one = program("one");
        Thread.currentThread().setContextClassLoader(program("two").getClassLoader());

        assertThatThrownBy(() -> sell(one))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("several lockweave.properties that say different things")
                .hasMessageContaining("of%20one")
                .hasMessageContaining("of%20two");
    }

    @Test
    void aSharedClassBelongsToTheProgramOfTheContextLoaderOrToTheOnlyOne() throws Throwable {
        Class<?> one = program("one");
        assertThat(in(one.getClassLoader(), Shop::sell)).isEqualTo("one");
        assertThat(in(ClassLoader.getPlatformClassLoader(), Shop::sell)).isEqualTo("one");

        Class<?> two = program("two");
        assertThat(in(two.getClassLoader(), Shop::sell)).isEqualTo("two");
        assertThat(in(one.getClassLoader(), Shop::sell)).isEqualTo("one");
        assertThatThrownBy(() -> in(ClassLoader.getPlatformClassLoader(), Shop::sell))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Several applications of this JVM use " + Shop.class.getName());
    }

    @Test
    void aFileThatIsSeenOnlyAfterLocksWereTakenWithoutItIsAnError() throws Throwable {
        assertThat(Shop.sell()).isEqualTo("nobody");
        assertThat(Shop.sell()).isEqualTo("nobody");
        assertThatThrownBy(() -> in(program("one").getClassLoader(), Shop::sell))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("was locked before by a thread that saw no such file");
    }

    @Test
    void theLocksOfOneProgramOutliveTheEndOfAnother() throws Throwable {
        Class<?> one = program("one");
        sell(one);
        sell(program(null));
        Locks locks = Applications.environment(one).locks("");
        Applications.reset(program("two"));

        assertThat(Applications.environment(one).locks("")).isSameAs(locks);
        Applications.reset(one);
        assertThat(Applications.environment(one).locks("")).isNotSameAs(locks);
    }

    @Test
    void classesOfSeveralLoadersThatSeeOneFileExcludeEachOther() throws Throwable {
        Class<?> one = program("one");
        OwnLoader plugin = new OwnLoader(
                one.getClassLoader(), Files.createDirectories(folder.resolve("plugin")), Shop.class.getName()::equals);
        toClose.add(plugin);
        Class<?> below = plugin.loadClass(Shop.class.getName());

        assertThat(sell(below)).isEqualTo("one");
        assertThat(Applications.environment(below).locks(""))
                .isSameAs(Applications.environment(one).locks(""));
    }

    // ---- containers

    @Test
    void twoContainersWithClassesOfTheirOwnKeepTheirOwnLocksAndOneMayClose() throws Throwable {
        Class<?> a = program(null);
        Class<?> b = program(null);
        container("a", a.getClassLoader());
        Application second = container("b", b.getClassLoader());

        assertThat(sell(a)).isEqualTo("a");
        assertThat(sell(b)).isEqualTo("b");
        second.close();
        assertThat(sell(a)).isEqualTo("a");
    }

    @Test
    void afterItsContainerHasClosedAClassDoesNotLockInThisJvmOnlyWithoutAWord() throws Throwable {
        Class<?> a = program(null);
        container("a", a.getClassLoader()).close();

        assertThatThrownBy(() -> sell(a))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("has closed, and no lockweave.backend is configured")
                .hasMessageContaining("Lockweave.reset()");
        Applications.reset(a);
        assertThat(sell(a)).isEqualTo("nobody");
    }

    @Test
    void whatWasInUseBeforeAContainerIsInUseAgainAfterIt() throws Throwable {
        Class<?> one = program("one");
        sell(one);
        Locks before = Applications.environment(one).locks("");
        Application container = container("a", one.getClassLoader());
        assertThat(sell(one)).isEqualTo("a");
        container.close();

        assertThat(sell(one)).isEqualTo("one");
        assertThat(Applications.environment(one).locks("")).isSameAs(before);
    }

    @Test
    void ofTwoContainersOfOneLoaderEachHasItsOwnObjectsAndStaticCallsAreRefused() throws Throwable {
        Application a = container("a", HERE);
        Application b = container("b", HERE);
        Shop ofA = new Shop();
        Shop ofB = new Shop();
        a.adopt(ofA);
        b.adopt(ofB);

        assertThat(ofA.order()).isEqualTo("a");
        assertThat(ofB.order()).isEqualTo("b");
        assertThatThrownBy(Shop::sell)
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Several applications of this JVM are open for " + Shop.class.getName())
                .hasMessageContaining("[a, b]");
        assertThatThrownBy(() -> new Shop().order()).isInstanceOf(LockUsageException.class);

        b.close();
        assertThat(Shop.sell()).isEqualTo("a");
        assertThat(ofA.order()).isEqualTo("a");
        assertThatThrownBy(ofB::order).isInstanceOf(LockUsageException.class).hasMessageContaining("b has closed");
    }

    @Test
    void anObjectOfAClosedContainerIsNotLockedByTheOneAfterIt() throws Throwable {
        Application a = container("a", HERE);
        Shop ofA = new Shop();
        a.adopt(ofA);
        assertThat(ofA.order()).isEqualTo("a");
        a.close();
        container("b", HERE);

        assertThat(Shop.sell()).isEqualTo("b");
        assertThatThrownBy(ofA::order).isInstanceOf(LockUsageException.class).hasMessageContaining("a has closed");
    }

    @Test
    void aContainerThatRestsIsAskedForItsOwnObjectsOnly() throws Throwable {
        Application a = container("a", HERE);
        Shop ofA = new Shop();
        a.adopt(ofA);
        a.pause();
        assertThat(Shop.sell()).isEqualTo("a"); // nobody else is there
        Application b = container("b", HERE);
        assertThat(Shop.sell()).isEqualTo("b");
        assertThat(ofA.order()).isEqualTo("a");
        b.pause();
        a.resume();
        assertThat(Shop.sell()).isEqualTo("a");
    }

    @Test
    void aSharedClassBelongsToTheContainerOfTheContextLoader() throws Throwable {
        Class<?> a = program(null);
        Class<?> b = program("b");
        container("a", a.getClassLoader());
        assertThat(Shop.sell()).isEqualTo("a");
        container("b", b.getClassLoader());

        assertThat(in(a.getClassLoader(), Shop::sell)).isEqualTo("a");
        assertThat(in(b.getClassLoader(), Shop::sell)).isEqualTo("b");
        assertThatThrownBy(Shop::sell).isInstanceOf(LockUsageException.class);
    }

    @Test
    void whatAProgramSetsByHandGoesFirstUntilReset() throws Throwable {
        Application a = container("a", HERE);
        Shop ofA = new Shop();
        a.adopt(ofA);
        Lockweave.use(Locks.local());
        assertThat(Shop.sell()).isEqualTo("nobody");
        assertThat(ofA.order()).isEqualTo("nobody");
        Lockweave.reset();
        assertThat(Shop.sell()).isEqualTo("a");
    }
}
