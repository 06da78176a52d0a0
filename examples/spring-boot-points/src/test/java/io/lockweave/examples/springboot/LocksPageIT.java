package io.lockweave.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.examples.springboot.Browser.Spoken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The operators' page as people get it who cannot see it, see little or use the keyboard: what Chromium tells a screen
 * reader, contrast, narrow windows. Where no Chromium is on the PATH nothing is looked at.
 */
@Timeout(120)
class LocksPageIT {

    private static final LockKey KEY = LockKey.of("user", "ann");
    private static final Set<String> CONTROLS =
            Set.of("button", "link", "searchbox", "textbox", "checkbox", "combobox");

    /**
     * Texts with less than 4.5 of contrast. Colours of words, of what stands in an empty field, and of the ground
     * behind them; a ground that lets others through is that of the next element around.
     */
    private static final String FAINT_TEXTS = """
            (() => {
              const light = rgb => rgb.map(c => c / 255)
                  .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const numbers = text => text.match(/[0-9.]+/g).map(Number);
              const ground = e => {
                for (let at = e; at; at = at.parentElement) {
                  const c = numbers(getComputedStyle(at).backgroundColor);
                  if (c.length < 4 || c[3] === 1) return c.slice(0, 3);
                }
                return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
              };
              const contrast = (colour, e) => {
                const [x, y] = [light(numbers(colour).slice(0, 3)), light(ground(e))].sort((a, b) => b - a);
                return (x + 0.05) / (y + 0.05);
              };
              const found = [];
              const check = (what, colour, e) => {
                const seen = contrast(colour, e);
                if (seen < 4.5) found.push(what.trim().slice(0, 30) + ' ' + seen.toFixed(2));
              };
              for (const e of document.querySelectorAll('body, body *')) {
                if (!e.checkVisibility()) continue;
                const own = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('').trim();
                if (own) check(own, getComputedStyle(e).color, e);
                if (e.placeholder) check(e.placeholder, getComputedStyle(e, '::placeholder').color, e);
              }
              return found.join('; ');
            })()
            """;

    private static ConfigurableApplicationContext application;
    private static Browser browser;

    private HeldLock held;
    private Thread waiter;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Browser.program().isPresent(), "no Chromium on the PATH: the operators' page was not looked at");
        application = SpringApplication.run(
                PointsApplication.class,
                "--server.port=0",
                "--management.endpoints.web.exposure.include=locks,lockspage",
                "--management.endpoint.locks.access=unrestricted",
                "--lockweave.endpoint.force-release=true");
        browser = new Browser(Browser.program().orElseThrow());
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (application != null) {
            application.close();
        }
    }

    /** One lock is held and waited for, one was lost. */
    @BeforeEach
    void somethingToShow() throws Exception {
        Locks locks = application.getBean(Locks.class);
        LockScope.named("loser").call(() -> {
            HeldLock lost = locks.acquire(LockKey.of("order", 7));
            locks.forceRelease(lost.key());
            lost.close();
            return null;
        });
        held = LockScope.named("holder").call(() -> locks.acquire(KEY));
        waiter = new Thread(() -> {
            try (HeldLock next = locks.acquire(KEY)) {
                next.ensureHeld();
            } catch (LockUnavailableException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiter.start();
        open(1280);
    }

    @AfterEach
    void nothingMore() throws Exception {
        waiter.interrupt();
        waiter.join();
        held.close();
        browser.colours("light");
    }

    private static void open(int width) throws Exception {
        browser.open(
                "http://localhost:" + application.getEnvironment().getProperty("local.server.port")
                        + "/actuator/lockspage",
                width,
                900,
                width < 600);
        until("document.querySelectorAll('#locks article').length === 1"
                + " && /in this process/.test(document.getElementById('locks').textContent)"
                + " && document.querySelectorAll('#lost li').length > 0"
                + " && document.querySelectorAll('#contended tbody tr').length > 0");
    }

    private static void until(String expression) {
        await(expression).atMost(Duration.ofSeconds(30)).until(() -> Boolean.TRUE.equals(browser.value(expression)));
    }

    private static Stream<Spoken> spoken(String role) throws Exception {
        return browser.spoken().stream().filter(node -> node.role().equals(role));
    }

    @Test
    void every_control_and_every_part_has_a_name() throws Exception {
        List<Spoken> page = browser.spoken();

        assertThat(page.stream().filter(node -> CONTROLS.contains(node.role())))
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(node -> assertThat(node.name()).as(node.role()).isNotBlank());
        assertThat(page.stream().map(Spoken::role)).contains("banner", "main", "search", "status");
        assertThat(spoken("searchbox").map(Spoken::name)).containsExactly("Search");
        assertThat(spoken("button").map(Spoken::name)).contains("Pause", "Free lockweave/user[ann]");
        assertThat(spoken("region").map(Spoken::name))
                .containsExactly(
                        "Held or waited for (1)",
                        "Busy most often in the last hour",
                        "Lost in the last hour",
                        "Stores");
        assertThat(spoken("article").map(Spoken::name)).containsExactly("lockweave/user[ann]");
        assertThat(spoken("list").map(Spoken::name))
                .contains("Held by", "Waiting, in order", "Lost in the last hour", "Stores");
    }

    @Test
    void the_table_has_a_name_and_headers_of_columns_and_rows() throws Exception {
        assertThat(spoken("table").map(Spoken::name)).containsExactly("Busy most often in the last hour");
        assertThat(spoken("columnheader").map(Spoken::name)).containsExactly("Name", "Waits", "Without the lock");
        assertThat(spoken("rowheader").map(Spoken::name)).contains("user");
    }

    @Test
    void the_button_that_pauses_says_one_thing_at_a_time() throws Exception {
        browser.value("document.getElementById('pause').click()");
        assertThat(spoken("button").filter(node -> node.name().equals("Resume")))
                .hasSize(1)
                .allSatisfy(node -> assertThat(node.properties()).doesNotContainKey("pressed"));
    }

    @Test
    void the_question_is_a_modal_dialog_with_name_and_description() throws Exception {
        browser.value("document.querySelector('#locks button').focus()");
        browser.value("document.querySelector('#locks button').click()");

        assertThat(spoken("alertdialog")).singleElement().satisfies(dialog -> {
            assertThat(dialog.name()).isEqualTo("Free this lock?");
            assertThat(dialog.description()).contains("lockweave/user[ann]", "Its holder loses it at once");
            assertThat(dialog.properties()).containsEntry("modal", "true");
        });
        assertThat(spoken("button")
                        .filter(node -> "true".equals(node.properties().get("focused"))))
                .extracting(Spoken::name)
                .containsExactly("Keep it");
        assertThat(faintTexts()).isEmpty();

        browser.value("document.getElementById('confirm-no').click()");
        assertThat(browser.value("document.activeElement.getAttribute('aria-label')"))
                .as("the keyboard goes on where it was")
                .isEqualTo("Free lockweave/user[ann]");
    }

    @Test
    void what_was_done_is_said_once_and_what_is_read_again_is_not() throws Exception {
        assertThat(browser.value("document.querySelectorAll('main [aria-live], main [role=status]').length"))
                .as("parts of the list that a screen reader would read out every two seconds")
                .isEqualTo(0);
        browser.value("document.querySelector('#locks button').click()");
        browser.value("document.getElementById('confirm-yes').click()");
        until("/user.ann. was freed/.test(document.querySelector('[role=status]').textContent)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void texts_stand_out(String colours) throws Exception {
        browser.colours(colours);
        open(1280);
        assertThat(faintTexts()).isEmpty();
        browser.picture(Path.of("target", "locks-page-" + colours + ".png"));
    }

    private static String faintTexts() throws Exception {
        return (String) browser.value(FAINT_TEXTS.replace('\n', ' '));
    }

    /** As wide as a window of 1,280 pixels that is magnified four times. */
    @Test
    void nothing_is_cut_off_in_a_narrow_window() throws Exception {
        open(320);
        assertThat(browser.value("document.documentElement.scrollWidth")).isEqualTo(320);
        browser.picture(Path.of("target", "locks-page-320.png"));
    }
}
