package io.lockweave.testservers.contest;

import io.lockweave.testkit.HistoryChecker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link ContestingProgram} has said so far. It says thousands of lines in a second, so that each is looked at
 * once. Safe for use from any thread.
 */
final class ContestLog {

    /** What a JVM does at one key. */
    private static final class Place {
        private int waiting;
        private int inside;
        private int entries;
    }

    private final List<HistoryChecker.Stay> stays = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();
    private int losses;

    /** One line more. One that was cut short by the end of its JVM says nothing. */
    synchronized void add(String who, String line) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "wait" -> place(words[1]).waiting++;
            case "failed" -> {
                place(words[1]).waiting--;
                others.add(line);
            }
            case "in" -> {
                Place place = place(words[1]);
                place.waiting--;
                place.inside++;
                place.entries++;
                others.add(line);
            }
            case "stay" -> {
                if (words.length == 6) {
                    place(words[1]).inside--;
                    addStay(who, words);
                }
            }
            default -> others.add(line);
        }
    }

    /** Also one that ended in a loss lasted until it last saw that it held the lock. */
    private void addStay(String who, String[] words) {
        stays.add(new HistoryChecker.Stay(
                who, words[1], Long.parseLong(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]), false));
        losses += words[5].equals("true") ? 1 : 0;
    }

    private Place place(String key) {
        return places.computeIfAbsent(key, any -> new Place());
    }

    /** Whether some of its threads wait for a key and none of them is inside. */
    synchronized boolean onlyWaits(String key) {
        return place(key).waiting > 0 && place(key).inside == 0;
    }

    /** How often its threads entered a key. */
    synchronized int entries(String key) {
        return place(key).entries;
    }

    /** How many stays have ended. */
    synchronized int size() {
        return stays.size();
    }

    /** The stays that have ended. */
    synchronized List<HistoryChecker.Stay> stays() {
        return List.copyOf(stays);
    }

    /** How many stays ended with the news that the lock was lost. */
    synchronized int losses() {
        return losses;
    }

    /** What it said that begins so; no stays and waits. */
    synchronized List<String> said(String beginning) {
        return others.stream().filter(line -> line.startsWith(beginning)).toList();
    }
}
