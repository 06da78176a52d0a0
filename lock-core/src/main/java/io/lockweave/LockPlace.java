package io.lockweave;

/**
 * Where a holder or waiter runs.
 *
 * @param host the machine's name
 * @param process the process id
 * @param thread the thread's name
 */
public record LockPlace(String host, long process, String thread) {

    /** One line for a store: {@code host/process/thread}, at most 200 printable characters. */
    public String text() {
        return KeyText.printable(host.replace('/', '_') + "/" + process + "/" + thread);
    }

    /** Reads what {@link #text()} wrote; text of any other shape becomes the host of an unknown process. */
    public static LockPlace parse(String text) {
        String[] parts = text.split("/", 3);
        if (parts.length == 3) {
            try {
                return new LockPlace(parts[0], Long.parseLong(parts[1]), parts[2]);
            } catch (NumberFormatException e) {
                // written by something else: kept as it is below
            }
        }
        return new LockPlace(text, -1, "?");
    }

    @Override
    public String toString() {
        return "thread " + thread + " of process " + process + " on " + host;
    }
}
