package io.lockweave.benchmarks.contest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Draws what the other programs printed, as run.sh keeps it. Arguments: the folder of their outputs, and the one for
 * the pictures.
 */
public final class Plots {

    private static final Pattern COLD = Pattern.compile("^([A-Z_]+) +([0-9.]+) .* of [A-Z_]+$");
    private static final Pattern FLEET = Pattern.compile("^([A-Z_]+) +([0-9.]+) ops/s.*");
    private static final Pattern WAITING =
            Pattern.compile("^ *(\\d+) waiters: first ask ([0-9.]+), asking again ([0-9.]+), leaving ([0-9.]+) us.*");

    private static final List<String> COMPARED = List.of(
            "SET_NX",
            "JEDIS",
            "JEDIS_SENT",
            "LETTUCE_SENT",
            "SHEDLOCK",
            "SPRING_INTEGRATION",
            "REDISSON_RLOCK",
            "LOCK4J");

    private Plots() {}

    /** Draws all of them. */
    public static void main(String[] args) throws IOException {
        Path results = Path.of(args[0]);
        Path pictures = Files.createDirectories(Path.of(args[1]));
        Plot far = new Plot("A locked call by the round trip to Redis", "round trip, ms", "ms", false);
        forEach(results, "cold-(\\d+)\\.txt", COLD, (x, found) -> {
            if (COMPARED.contains(found.group(1))) {
                far.add(found.group(1), x, Double.parseDouble(found.group(2)) / 1_000);
            }
        });
        far.write(pictures.resolve("round-trip.svg"));
        Plot fleet = new Plot("One key, eight threads in each JVM", "JVMs", "holds a second", true);
        forEach(
                results,
                "fleet-(\\d+)\\.txt",
                FLEET,
                (x, found) -> fleet.add(found.group(1), x, Double.parseDouble(found.group(2))));
        fleet.write(pictures.resolve("jvms.svg"));
        Plot waiting = new Plot("What a waiting claim costs Redis", "waiters for the key", "us of its time", false);
        forEach(results, "waiting(0)?\\.txt", WAITING, (none, found) -> {
            double x = Double.parseDouble(found.group(1));
            waiting.add("first ask", x, Double.parseDouble(found.group(2)));
            waiting.add("asking again", x, Double.parseDouble(found.group(3)));
            waiting.add("leaving", x, Double.parseDouble(found.group(4)));
        });
        waiting.logarithmicX().write(pictures.resolve("waiters.svg"));
    }

    private static void forEach(Path folder, String files, Pattern line, BiConsumer<Double, Matcher> what)
            throws IOException {
        Map<Double, Path> sorted = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                Matcher name = Pattern.compile(files).matcher(file.getFileName().toString());
                if (name.matches()) {
                    sorted.put(name.group(1) == null ? 0 : Double.parseDouble(name.group(1)), file);
                }
            }
        }
        for (Map.Entry<Double, Path> one : sorted.entrySet()) {
            for (String text : Files.readAllLines(one.getValue())) {
                Matcher found = line.matcher(text);
                if (found.matches()) {
                    what.accept(one.getKey(), found);
                }
            }
        }
    }

    /** One picture: lines of points, named at their ends. */
    private static final class Plot {

        private static final int WIDTH = 760;
        private static final int HEIGHT = 420;
        private static final int LEFT = 80;
        private static final int RIGHT = 210;
        private static final int EDGE = 50;
        private static final List<String> COLOURS =
                List.of("#555555", "#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b", "#17becf");

        private final String title;
        private final String xName;
        private final String yName;
        private final boolean logarithmicY;
        private boolean logarithmicX;
        private final Map<String, Map<Double, Double>> lines = new LinkedHashMap<>();

        Plot(String title, String xName, String yName, boolean logarithmicY) {
            this.title = title;
            this.xName = xName;
            this.yName = yName;
            this.logarithmicY = logarithmicY;
        }

        Plot logarithmicX() {
            logarithmicX = true;
            return this;
        }

        void add(String line, double x, double y) {
            lines.computeIfAbsent(line, name -> new TreeMap<>()).put(x, y);
        }

        void write(Path file) throws IOException {
            if (lines.isEmpty()) {
                System.out.println("nothing to draw for " + file.getFileName());
                return;
            }
            Files.writeString(file, svg());
        }

        private String svg() {
            double[] xs = ends(logarithmicX, true);
            double[] ys = ends(logarithmicY, false);
            StringBuilder out =
                    new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " "
                            + HEIGHT + "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                            + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
            text(out, LEFT, 24, "start", title);
            text(out, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", xName);
            text(out, LEFT, 42, "start", yName + (logarithmicY ? " (logarithmic)" : ""));
            for (int i = 0; i <= 4; i++) {
                double y = ys[0] + (ys[1] - ys[0]) * i / 4;
                double at = at(y, ys, HEIGHT - EDGE, EDGE);
                rule(out, LEFT, at, WIDTH - RIGHT, at, "#dddddd");
                text(out, LEFT - 6, at + 4, "end", number(logarithmicY ? Math.pow(10, y) : y));
            }
            lines.values()
                    .iterator()
                    .next()
                    .keySet()
                    .forEach(x -> text(
                            out,
                            at(scaled(x, logarithmicX), xs, LEFT, WIDTH - RIGHT),
                            HEIGHT - EDGE + 18,
                            "middle",
                            number(x)));
            int colour = 0;
            double[] labels = new double[] {EDGE};
            for (Map.Entry<String, Map<Double, Double>> line : lines.entrySet()) {
                draw(out, line, xs, ys, COLOURS.get(colour++ % COLOURS.size()), labels);
            }
            return out.append("</svg>\n").toString();
        }

        private void draw(
                StringBuilder out,
                Map.Entry<String, Map<Double, Double>> line,
                double[] xs,
                double[] ys,
                String colour,
                double[] label) {
            StringBuilder points = new StringBuilder();
            line.getValue()
                    .forEach((x, y) -> points.append(String.format(
                            Locale.ROOT,
                            "%.1f,%.1f ",
                            at(scaled(x, logarithmicX), xs, LEFT, WIDTH - RIGHT),
                            at(scaled(y, logarithmicY), ys, HEIGHT - EDGE, EDGE))));
            out.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + colour + "\" points=\"" + points
                    + "\"/>\n");
            label[0] += 18;
            rule(out, WIDTH - RIGHT + 10, label[0] - 4, WIDTH - RIGHT + 30, label[0] - 4, colour);
            text(
                    out,
                    WIDTH - RIGHT + 36,
                    label[0],
                    "start",
                    line.getKey().toLowerCase(Locale.ROOT).replace('_', ' '));
        }

        private double[] ends(boolean logarithmic, boolean ofX) {
            double least = logarithmic ? Double.MAX_VALUE : 0;
            double most = -Double.MAX_VALUE;
            for (Map<Double, Double> line : lines.values()) {
                for (double value : ofX ? line.keySet() : line.values()) {
                    least = Math.min(least, scaled(value, logarithmic));
                    most = Math.max(most, scaled(value, logarithmic));
                }
            }
            return new double[] {
                logarithmic && !ofX ? Math.floor(least) : least, logarithmic && !ofX ? Math.ceil(most) : most
            };
        }

        private static double scaled(double value, boolean logarithmic) {
            return logarithmic ? Math.log10(value) : value;
        }

        private static double at(double value, double[] ends, double from, double to) {
            return ends[1] == ends[0] ? from : from + (value - ends[0]) / (ends[1] - ends[0]) * (to - from);
        }

        private static String number(double value) {
            return value >= 100 || value == Math.rint(value)
                    ? String.format(Locale.ROOT, "%,.0f", value)
                    : String.format(Locale.ROOT, "%.1f", value);
        }

        private static void text(StringBuilder out, double x, double y, String anchor, String text) {
            out.append("<text x=\"" + x + "\" y=\"" + y + "\" text-anchor=\"" + anchor + "\">" + text + "</text>\n");
        }

        private static void rule(StringBuilder out, double x1, double y1, double x2, double y2, String colour) {
            out.append("<line x1=\"" + x1 + "\" y1=\"" + y1 + "\" x2=\"" + x2 + "\" y2=\"" + y2 + "\" stroke=\""
                    + colour + "\" stroke-width=\"2\"/>\n");
        }
    }
}
