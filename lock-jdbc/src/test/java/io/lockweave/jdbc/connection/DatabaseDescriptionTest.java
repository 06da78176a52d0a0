package io.lockweave.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No password comes into the log. */
class DatabaseDescriptionTest {

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db:5432/shop?user=me&password=secret, jdbc:postgresql://db:5432/shop",
        "jdbc:sqlserver://db;user=me;password=secret, jdbc:sqlserver://db",
        "jdbc:h2:mem:locks;PASSWORD=secret, jdbc:h2:mem:locks",
        "jdbc:oracle:thin:me/secret@db:1521:shop, jdbc:oracle:thin:db:1521:shop",
        "jdbc:oracle:thin:@//db:1521/shop, jdbc:oracle:thin:db:1521/shop",
        "jdbc:mysql://me:secret@db/shop, jdbc:mysql://db/shop",
        "jdbc:mysql://me:se/cr@et@db/shop, jdbc:mysql://db/shop",
    })
    void whoLogsInIsLeftOut(String url, String said) {
        assertThat(DatabaseDescription.withoutLogin(url)).isEqualTo(said);
    }
}
