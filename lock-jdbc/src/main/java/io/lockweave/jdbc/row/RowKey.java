package io.lockweave.jdbc.row;

import java.util.List;

/** A key as it was given, and its values as those of the columns. */
record RowKey(List<Object> given, List<Object> values) {

    /** As callers know it: without the list if it is one value. */
    Object shown() {
        return given.size() == 1 ? given.get(0) : given;
    }
}
