package io.lockweave.invoke;

import io.lockweave.LockMode;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.springframework.core.annotation.AliasFor;

/** Locked methods of many kinds; woven with the other test classes. */
class Points {

    record User(Integer id, Address address, List<String> tags) {
        User(Integer id) {
            this(id, new Address("Bonn"), List.of("a", "b"));
        }
    }

    record Address(String city) {}

    static final class Account {
        public final String number;
        private final int branch;

        Account(String number, int branch) {
            this.number = number;
            this.branch = branch;
        }

        public int getBranch() {
            return branch;
        }

        public boolean isOpen() {
            return true;
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Locked(name = "user", key = "#user.id")
    @interface PerUser {
        @AliasFor(annotation = Locked.class, attribute = "waitTime")
        String patience() default "";
    }

    @Retention(RetentionPolicy.RUNTIME)
    @PerUser(patience = "7s")
    @interface PatientPerUser {}

    static final String GREETING = "hello";

    final RecordingLocks locks;
    Callable<Object> work = () -> null;

    Points(RecordingLocks locks) {
        this.locks = locks;
    }

    private Object body() throws Exception {
        locks.note("body");
        return work.call();
    }

    public static String region() {
        return "eu";
    }

    public String getTenant() {
        return "acme";
    }

    @Locked
    Object wholeClass() throws Exception {
        return body();
    }

    @Locked(name = "report")
    Object wholeName() throws Exception {
        return body();
    }

    @Locked(name = "user", key = "#id")
    Object parameter(Object id) throws Exception {
        return body();
    }

    @Locked(name = "user", key = "#user.id")
    Object recordProperty(User user) throws Exception {
        return body();
    }

    @Locked(name = "user", key = "#p0.address.city + '/' + #a1")
    Object nestedByPosition(User user, int number) throws Exception {
        return body();
    }

    @Locked(name = "account", key = "#account.number + #account.branch + #account.open")
    Object fieldAndGetters(Account account) throws Exception {
        return body();
    }

    @Locked(name = "map", key = "#map['k']")
    Object mapEntry(Map<String, ?> map) throws Exception {
        return body();
    }

    @Locked(name = "array", key = "#array[1] + #list[0]")
    Object indexed(String[] array, List<String> list) throws Exception {
        return body();
    }

    @Locked(name = "static", key = "T(io.lockweave.invoke.Points).region() + #id")
    Object staticCall(int id) throws Exception {
        return body();
    }

    @Locked(name = "root", key = "#root.target.tenant + #root.methodName + #root.args[0] + #root.method.parameterCount")
    Object root(int id) throws Exception {
        return body();
    }

    @Locked(name = "user", key = "#users.![id]")
    Object projection(List<User> users) throws Exception {
        return body();
    }

    @Locked(name = "ids", key = "#ids")
    Object several(Collection<Integer> ids) throws Exception {
        return body();
    }

    @Locked(name = "ids", key = "#ids")
    Object array(int... ids) throws Exception {
        return body();
    }

    @Locked(name = "user", key = "#id")
    Object optional(Optional<Integer> id) throws Exception {
        return body();
    }

    @Locked(name = "list", key = "#list[0]")
    Object mutating(ArrayList<String> list) throws Exception {
        list.set(0, "changed");
        return body();
    }

    @Locked(name = "vip", key = "#id", condition = "#id > 10")
    Object conditional(int id) throws Exception {
        return body();
    }

    @Locked(name = "vip", condition = "#id")
    Object wrongCondition(int id) throws Exception {
        return body();
    }

    @PerUser
    Object composed(User user) throws Exception {
        return body();
    }

    @PatientPerUser
    Object composedTwice(User user) throws Exception {
        return body();
    }

    @Locked(name = "b", key = "#from", waitTime = "3s")
    @Locked(name = "a", key = "#to")
    Object repeated(int from, int to) throws Exception {
        return body();
    }

    @Locked(name = "b", mode = LockMode.SHARED)
    @Locked(name = "a")
    Object contradicting() throws Exception {
        return body();
    }

    @Locked(
            name = "all",
            mode = LockMode.SHARED,
            fair = true,
            waitTime = "250ms",
            leaseTime = "${lease:1m}",
            renew = false,
            holdAtLeast = "2s")
    Object options() throws Exception {
        return body();
    }

    @Locked(name = "export", permits = 3)
    Object permits() throws Exception {
        return body();
    }

    @Locked(name = "other", backend = "other")
    Object otherBackend() throws Exception {
        return body();
    }

    @Locked(name = "${nowhere:somewhere}")
    Object placeholderName() throws Exception {
        return body();
    }

    @Locked(name = "x", onUnavailable = Locked.OnUnavailable.SKIP)
    Object skipped() throws Exception {
        return body();
    }

    @Locked(name = "x", onUnavailable = Locked.OnUnavailable.SKIP)
    void skippedVoid() throws Exception {
        body();
    }

    @Locked(name = "x", onUnavailable = Locked.OnUnavailable.SKIP)
    Optional<String> skippedOptional() throws Exception {
        body();
        return Optional.of("ran");
    }

    @Locked(name = "x", onUnavailable = Locked.OnUnavailable.FALLBACK, fallback = "insteadWithFailure")
    String withFallback(int n) throws Exception {
        return "ran" + body();
    }

    private String insteadWithFailure(int n, LockUnavailableException failure) throws IOException {
        locks.note("fallback");
        if (n < 0) {
            throw new IOException("from the fallback");
        }
        return n + failure.key().name();
    }

    @Locked(name = "x", onUnavailable = Locked.OnUnavailable.FALLBACK, fallback = "insteadStatic")
    static String withStaticFallback(String text) {
        return "ran";
    }

    private static String insteadStatic(String text) {
        return "instead of " + text;
    }

    @Locked(name = "x", onLost = Locked.OnLost.INTERRUPT)
    Object interrupted() throws Exception {
        return body();
    }

    @Locked(name = "x", onLost = Locked.OnLost.WARN)
    Object warned() throws Exception {
        return body();
    }

    @Locked(name = "x", until = Locked.Until.TRANSACTION)
    Object untilTransaction() throws Exception {
        return body();
    }

    @Locked(name = "x", until = Locked.Until.RETURN)
    Object untilReturn() throws Exception {
        return body();
    }
}
