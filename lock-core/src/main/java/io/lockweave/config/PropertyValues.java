package io.lockweave.config;

import io.lockweave.LockUsageException;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.container.LockweaveProperties;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads typed values below one prefix; every error names the property in full, its value and the valid ones. */
final class PropertyValues implements BackendSettings {

    private final LockweaveProperties texts;
    private final String prefix;

    PropertyValues(LockweaveProperties texts, String prefix) {
        this.texts = texts;
        this.prefix = prefix;
    }

    @Override
    public Optional<String> text(String property) {
        return Optional.ofNullable(find(property));
    }

    @Override
    public int number(String property, int least, int otherwise) {
        String text = find(property);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new LockUsageException(
                place(property) + " = \"" + text + "\" is not valid", "give a whole number of at least " + least);
    }

    @Override
    public boolean flag(String property, boolean otherwise) {
        return oneOf(property, otherwise ? List.of("true", "false") : List.of("false", "true"))
                .equals("true");
    }

    @Override
    public Duration duration(String property, Duration otherwise) {
        String text = find(property);
        return text == null ? otherwise : DurationText.parse(place(property), text);
    }

    @Override
    public String oneOf(String property, List<String> words) {
        String text = find(property);
        if (text == null) {
            return words.get(0);
        }
        String word = text.toLowerCase(Locale.ROOT);
        if (!words.contains(word)) {
            throw Words.unknown(place(property) + " = \"" + text + "\" is not valid", word, words);
        }
        return word;
    }

    @Nullable
    Duration durationOrNull(String property, boolean endless) {
        String text = find(property);
        if (text == null) {
            return null;
        }
        return endless ? DurationText.parse(place(property), text) : DurationText.parseFinite(place(property), text);
    }

    @Nullable
    Boolean flagOrNull(String property) {
        return find(property) == null ? null : flag(property, true);
    }

    @Nullable
    Integer numberOrNull(String property, int least) {
        return find(property) == null ? null : number(property, least, least);
    }

    <E extends Enum<E>> @Nullable E constantOrNull(String property, Class<E> type) {
        if (find(property) == null) {
            return null;
        }
        List<String> words = java.util.Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        return Enum.valueOf(type, oneOf(property, words).toUpperCase(Locale.ROOT));
    }

    private @Nullable String find(String property) {
        return texts.find(prefix + property);
    }

    private String place(String property) {
        return texts.place(prefix + property);
    }
}
