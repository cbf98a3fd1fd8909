// What the widget itself says, in English and Spanish.

const en = {
  open: "Open chat",
  title: "Chat with us",
  close: "Close chat",
  menu: "Menu",
  about: "About this chat",
  startOver: "Start over",
  download: "Download my conversation",
  delete: "Delete my data",
  forget: "Forget this chat on this device",
  remembered: "This device remembers your chat, for your reminders.",
  back: "Back to the chat",
  conversation: "Conversation",
  choices: "Choices",
  you: "You",
  bot: "Assistant",
  message: "Your message",
  write: "Write a message",
  send: "Send",
  typing: "The assistant is writing",
  waiting: "Not sent yet",
  failed: "Not sent",
  newer: "Go to the newest message",
  automated: "AI assistant. Emergency? Call 911.",
  disclosure:
    "This is an automated assistant. It is not a therapist and cannot diagnose. Nobody may be watching this chat.",
  emergency: "Emergency",
  important: "Important",
  call911: "Call 911",
  call988: "Call 988 (crisis line)",
  callClinic: "Call the clinic",
  offline: "I can't reach the clinic's server right now.",
  offlineQueue: "What you write is sent once the connection is back.",
  offlineEmergency: "In an emergency, call:",
  connecting: "Connecting",
  tryAgain: "That did not work. Please try again.",
  refused: "This message could not be sent.",
  step: "step {n} of {all}",
  timeLeft: "Time left",
  start: "Start",
  pause: "Pause",
  resume: "Go on",
  again: "Start again",
  sound: "Sound",
  timeUp: "Time is up. Relax.",
  holdDone: "Relax. Start the next one when you are ready.",
  count: "Repetitions",
  ofMany: "{n} of {all}",
  oneMore: "Count one more",
  oneLess: "Count one less",
  allDone: "All repetitions done.",
  next: "Next step",
  previous: "Previous step",
  chart: "Show as a chart",
  chartFailed: "The chart could not be loaded. Try again",
  calendar: "Add it to your calendar",
  save: "Save",
  unread: "{n} new messages",
  unreadOne: "1 new message",
};

export type Words = Record<keyof typeof en, string>;

const es: Words = {
  open: "Abrir el chat",
  title: "Chatee con nosotros",
  close: "Cerrar el chat",
  menu: "Menú",
  about: "Acerca de este chat",
  startOver: "Empezar de nuevo",
  download: "Descargar mi conversación",
  delete: "Borrar mis datos",
  forget: "Olvidar este chat en este dispositivo",
  remembered: "Este dispositivo recuerda su chat, para sus recordatorios.",
  back: "Volver al chat",
  conversation: "Conversación",
  choices: "Opciones",
  you: "Usted",
  bot: "Asistente",
  message: "Su mensaje",
  write: "Escriba un mensaje",
  send: "Enviar",
  typing: "El asistente está escribiendo",
  waiting: "Aún no enviado",
  failed: "No enviado",
  newer: "Ir al mensaje más reciente",
  automated: "Asistente de IA. ¿Emergencia? Llame al 911.",
  disclosure:
    "Este es un asistente automático. No es un terapeuta y no puede diagnosticar. Es posible que nadie esté viendo este chat.",
  emergency: "Emergencia",
  important: "Importante",
  call911: "Llamar al 911",
  call988: "Llamar al 988 (línea de crisis)",
  callClinic: "Llamar a la clínica",
  offline: "No puedo comunicarme con el servidor de la clínica.",
  offlineQueue: "Lo que escriba se enviará cuando vuelva la conexión.",
  offlineEmergency: "En una emergencia, llame:",
  connecting: "Conectando",
  tryAgain: "No funcionó. Inténtelo de nuevo.",
  refused: "Este mensaje no se pudo enviar.",
  step: "paso {n} de {all}",
  timeLeft: "Tiempo restante",
  start: "Empezar",
  pause: "Pausa",
  resume: "Seguir",
  again: "Empezar otra vez",
  sound: "Sonido",
  timeUp: "Se acabó el tiempo. Relájese.",
  holdDone: "Relájese. Empiece la siguiente cuando esté listo.",
  count: "Repeticiones",
  ofMany: "{n} de {all}",
  oneMore: "Contar una más",
  oneLess: "Contar una menos",
  allDone: "Todas las repeticiones hechas.",
  next: "Paso siguiente",
  previous: "Paso anterior",
  chart: "Ver como gráfico",
  chartFailed: "No se pudo cargar el gráfico. Inténtelo de nuevo",
  calendar: "Agregarla a su calendario",
  save: "Guardar",
  unread: "{n} mensajes nuevos",
  unreadOne: "1 mensaje nuevo",
};

export type Language = "en" | "es";

export function language(wanted: string | null | undefined): Language {
  return (wanted ?? "").toLowerCase().startsWith("es") ? "es" : "en";
}

export function words(wanted: Language): Words {
  return wanted === "es" ? es : en;
}

/** Puts numbers into a sentence. */
export function filled(sentence: string, numbers: Record<string, number | string>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(numbers[name] ?? ""));
}

/** The language of a text of the bot, so that a screen reader pronounces it right. */
export function spoken(text: string): Language {
  return /[¿¡ñáéíóú]/i.test(text) ? "es" : "en";
}
