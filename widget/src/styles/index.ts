import { base } from "./base";
import { exercise } from "./exercise";
import { talk } from "./talk";
import { theme } from "./theme";
import { window } from "./window";

export const styles = [theme, base, window, talk, exercise];
