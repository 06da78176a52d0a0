package io.lockweave.jdbc.connection;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A database in words for the log, without who logs in. */
public final class DatabaseDescription {

    private static final Pattern SCHEME = Pattern.compile("^jdbc:([a-z0-9]+:)+(//)?");

    private DatabaseDescription() {}

    /** Product, version and address. */
    public static String of(DatabaseMetaData metaData) throws SQLException {
        String url = metaData.getURL();
        return metaData.getDatabaseProductName() + " " + metaData.getDatabaseProductVersion()
                + (url == null ? "" : " at " + withoutLogin(url));
    }

    /** What may hold a password is left out: parameters, and what stands before an {@code @}. */
    static String withoutLogin(String url) {
        String address = url.split("[?;]", 2)[0];
        int at = address.lastIndexOf('@');
        Matcher scheme = SCHEME.matcher(address);
        return at < 0 || !scheme.find()
                ? address
                : scheme.group() + address.substring(at + 1).replaceFirst("^//", "");
    }
}
