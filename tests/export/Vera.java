import java.io.FileInputStream;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** What veraPDF says of files. Arguments: file, flavours, file, flavours, ...; a line "file TAB flavour TAB broken rules" of each. */
public class Vera {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int place = 0; place < arguments.length; place += 2) {
            for (String flavour : arguments[place + 1].split(",")) {
                System.out.println(arguments[place] + "\t" + flavour + "\t" + broken(arguments[place], flavour));
            }
        }
    }

    private static String broken(String file, String name) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.fromString(name);
        TreeSet<String> rules = new TreeSet<>();
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    rules.add(assertion.getRuleId().getClause() + ": " + assertion.getMessage());
                }
            }
            if (result.getTotalAssertions() == 0) {
                rules.add("nothing was checked");
            }
        }
        return String.join("; ", rules).replaceAll("\\s+", " ");
    }
}
