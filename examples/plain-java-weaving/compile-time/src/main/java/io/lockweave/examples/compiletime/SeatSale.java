package io.lockweave.examples.compiletime;

import io.lockweave.WeavingCheck;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Many customers, few seats, and a plain {@code java} command: no container and no agent, the locks are in the classes.
 */
public final class SeatSale {

    private static final int SEATS = 500;
    private static final int CUSTOMERS = 800;

    private SeatSale() {}

    /** Sells two shows and fails if any seat was sold twice. */
    public static void main(String[] args) throws InterruptedException {
        WeavingCheck.require(BoxOffice.class);
        BoxOffice office = new BoxOffice("Hamlet", "Faust");
        Queue<String> sold = new ConcurrentLinkedQueue<>();
        ExecutorService customers = Executors.newFixedThreadPool(16);
        for (int i = 0; i < CUSTOMERS; i++) {
            for (String show : new String[] {"Hamlet", "Faust"}) {
                customers.execute(() -> office.sell(show, SEATS).ifPresent(seat -> sold.add(show + " " + seat)));
            }
        }
        customers.shutdown();
        boolean ended = customers.awaitTermination(1, TimeUnit.MINUTES);
        Set<String> different = new TreeSet<>(sold);
        System.out.printf("%d seats sold, %d of them twice%n", sold.size(), sold.size() - different.size());
        if (!ended || sold.size() != different.size()) {
            System.exit(1);
        }
    }
}
