package io.lockweave.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Beside Lombok and MapStruct, all found on the class path. */
class OtherProcessorsTest {

    private static final String USER = """
            package com.acme;
            import lombok.Data;

            @Data
            public class User {
                private long id;
                private String name;
            }
            """;

    private static final String MAPPER = """
            package com.acme;
            import org.mapstruct.Mapper;
            import org.mapstruct.factory.Mappers;

            @Mapper
            public interface UserMapper {
                UserMapper MAPPER = Mappers.getMapper(UserMapper.class);
                Shown shown(User user);

                @lombok.Data
                class Shown {
                    private long id;
                    private String name;
                }
            }
            """;

    private static List<Compiler.Told> compile(String key) {
        return new Compiler()
                .withDiscoveredProcessors()
                .with("-Alockweave.mode=proxy")
                .source(USER)
                .source(MAPPER)
                .source("""
                        package com.acme;
                        import io.lockweave.Locked;
                        import lombok.RequiredArgsConstructor;

                        @RequiredArgsConstructor
                        public class Points {
                            private final UserMapper mapper;

                            @Locked(name = "user", key = "%s")
                            public UserMapper.Shown add(User user) {
                                return new UserMapperImpl().shown(user);
                            }

                            public void both(User one, User other) {
                                add(one);
                            }
                        }
                        """.formatted(key))
                .compile();
    }

    @Test
    void whatTheyMakeIsSeen() {
        assertThat(compile("#user.id")).singleElement().satisfies(told -> {
            assertThat(told.isError()).isFalse();
            assertThat(told.message()).contains("com.acme.Points.both(User, User) calls com.acme.Points.add(User)");
        });
        assertThat(compile("#user")).noneMatch(Compiler.Told::isError);
    }

    @Test
    void whatTheyDoNotMakeIsTold() {
        assertThat(compile("#user.idd"))
                .filteredOn(Compiler.Told::isError)
                .singleElement()
                .satisfies(told -> assertThat(told.message())
                        .contains("com.acme.User has no property \"idd\" (did you mean id?). To fix it:"
                                + " use one of id, name."));
    }

    /** The source names the fields that Lombok makes, by which the start of a Spring application knows them. */
    @Test
    void lomboksLockedIsTold() {
        List<Compiler.Told> told =
                new Compiler().withDiscoveredProcessors().source("""
                        package com.acme;
                        import java.util.concurrent.locks.Lock;
                        import lombok.Locked;

                        public class Guarded {
                            @Locked
                            public void ofObject() {}

                            @Locked
                            public static void ofClass() {}

                            Lock[] locks() {
                                return new Lock[] {$lock, $LOCK};
                            }
                        }
                        """).compile();

        assertThat(told)
                .noneMatch(Compiler.Told::isError)
                .extracting(Compiler.Told::code)
                .containsExactly("@Locked", "@Locked");
        assertThat(told).allSatisfy(one -> assertThat(one.message()).contains("lombok.Locked"));
    }
}
