package io.lockweave.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Expressions are followed through the declared types. */
class ExpressionsTest {

    private static final String TYPES = """
            package com.acme;

            class Types {
                public static class User {
                    private long id;
                    private String secret;
                    public long getId() { return id; }
                    public boolean isOpen() { return true; }
                    public Address getAddress() { return null; }
                    public String toString() { return "user"; }
                }
                public record Address(String city, java.util.List<User> tenants) {}
                public static class Plain { public String name; }
                public static final class Silent { public String name; }
                public interface Shape { long getId(); }
                public static class Box<T> {
                    public T getContent() { return null; }
                    public String toString() { return "box"; }
                }
                public static class UserBox extends Box<User> {}
            }
            """;

    private static List<Compiler.Told> compile(String parameters, String key) {
        return new Compiler()
                .source(TYPES)
                .source("""
                        package com.acme;
                        import com.acme.Types.*;
                        import java.util.*;
                        import io.lockweave.Locked;

                        public class Points {
                            @Locked(
                                    name = "user",
                                    key = "%s")
                            public void add(%s) {}
                        }
                        """.formatted(key, parameters))
                .compile();
    }

    private static void fine(String parameters, String key) {
        assertThat(compile(parameters, key)).as(key).isEmpty();
    }

    private static void wrong(String parameters, String key, String message) {
        List<Compiler.Told> told = compile(parameters, key);
        assertThat(told).as(key).hasSize(1);
        assertThat(told.get(0).message()).contains(message);
        assertThat(told.get(0).isError()).isTrue();
        assertThat(told.get(0).code()).isEqualTo("key = \"" + key + "\")");
    }

    @Test
    void propertiesThatAreThere() {
        fine("User user", "#user.id");
        fine("User user", "#user?.id");
        fine("User user", "#p0.address.city + #a0.open");
        fine("Address address", "#address.city");
        fine("Plain plain", "#plain.name");
        fine("List<User> users", "#users[0].id");
        fine("List<User> users", "#users.![id]");
        fine("List<User> users", "#users.?[open].![address.city]");
        fine("Map<String, User> users", "#users['ann'].id");
        fine("Optional<User> user", "#user?.id");
        fine("UserBox box", "#box.content.id");
        fine("Box<User> box", "#box.content.id");
        fine("String[] names", "#names[0] + #names.length");
        fine("User user", "#user.address.tenants.size()");
        fine("long id", "#id");
        fine("User user", "#user.class.name");
    }

    @Test
    void whatCannotBeKnownStaysQuiet() {
        fine("Object user", "#user.id");
        fine("Shape shape", "#shape.radius");
        fine("Map user", "#user['id'].nothing");
        fine("User user", "@tenants.of(#user).id");
        fine("User user", "#root.target.nothing");
        fine("User user", "T(com.acme.Keys).of(#user).x");
        fine("Class<?> type", "#type.nothing");
    }

    @Test
    void propertiesThatAreMissing() {
        wrong(
                "User user",
                "#user.idd",
                "key = \"#user.idd\" of com.acme.Points.add(User): com.acme.Types$User has no property \"idd\" (did you"
                        + " mean id?). To fix it: use one of address, id, open.");
        wrong("User user", "#user.address.town", "com.acme.Types$Address has no property \"town\"");
        wrong("List<User> users", "#users.![idd]", "has no property \"idd\" (did you mean id?)");
        wrong("UserBox box", "#box.content.idd", "com.acme.Types$User has no property \"idd\"");
        wrong("Optional<User> user", "#user.id", "java.util.Optional has no property \"id\"");
        wrong("Map<String, User> users", "#users.ann", "write ['ann']");
        wrong("User user", "#user.secret", "has no public property \"secret\"");
        wrong("User user", "#user.find(1)", "has no public method find with 1 parameter");
        wrong("long id", "#id.value", "long has no property \"value\"");
    }

    @Test
    void keysOfTypesWithoutAText() {
        wrong("Silent silent", "#silent", "is a com.acme.Types$Silent, which has no toString of its own");
        wrong("User[][] users", "#users", "element 0 is not a usable value. The key value for \"user\" is a User[]");
        wrong("Map<String, User> users", "#users", "The key value for \"user\" is a Map");
        wrong("byte[] digest", "#digest", "is a byte[], which would be a lock for each of its elements");
        fine("User user", "#user");
        fine("Shape shape", "#shape");
        fine("List<User> users", "#users");
        assertThat(compile("Plain plain", "#plain")).singleElement().satisfies(told -> {
            assertThat(told.isError()).isFalse();
            assertThat(told.message()).contains("is a com.acme.Types$Plain, which has no toString of its own");
        });
    }

    @Test
    void expressionsThatDoNotParse() {
        wrong("User user", "#user..id", "is not valid SpEL at character 6");
        wrong("User user", "#usr.id", "there is no parameter #usr. To fix it: use one of #user.");
        wrong("User user", "user.id", "\"user\" is neither a parameter nor a property of #root");
        wrong("User user", "@", "is not valid SpEL");
        wrong("User user", "#composite(#user)", "a composite key has two parts or more");
        wrong("User user", "#join(#user)", "there is no function #join");
        wrong("User user", "'${tenant}' + #user.id", "has a placeholder");
        wrong("String root", "#root", "also the name of a parameter");
    }
}
