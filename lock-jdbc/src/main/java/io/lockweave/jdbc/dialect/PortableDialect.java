package io.lockweave.jdbc.dialect;

/** Any other database: standard SQL; its clock is found by trial or given by the user. */
final class PortableDialect extends Dialect {

    PortableDialect() {
        super("portable");
    }

    @Override
    boolean isNamed(String product, String version) {
        return false;
    }

    @Override
    public String clock(TableName table) {
        return "";
    }
}
