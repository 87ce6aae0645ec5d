import type { READERS } from "../../../../../shared/sentences/readers.ts";

/** No full stop behind a command: somebody copies it. */
export const readers: Record<keyof typeof READERS, string> = {
  "port-missing": "{port} غير موجود: وصّل القارئ أو تحقّق من المسار.",
  "port-not-permitted":
    "لا يُسمح بفتح {port}: أضف مستخدم الكشك إلى المجموعة {group} ({command}) ثم سجّل الدخول من جديد، أو ثبّت {rules}.",
  "port-taken": "يستخدم برنامج آخر {port}: أغلق ذلك البرنامج، أو شغّل كشكًا واحدًا فقط.",
  "port-probed": "يستخدم برنامج آخر {port}، ربما {program} لبضع ثوانٍ: انتظر، أو ثبّت {rules} الذي يبقيه بعيدًا.",
  "port-not-serial": "{port} ليس منفذًا تسلسليًا: تحقّق من المسار.",
  "port-unplugged": "فُصل {port}: وصّل القارئ من جديد.",
  "port-replaced": "صار {port} جهازًا آخر، ويجري الاتصال به من جديد.",
  "port-slow": "{port} لا يجيب: افصل القارئ ثم وصّله من جديد.",
  "port-silent":
    "{port} مفتوح، لكن لا يجيب أيّ {device}: تحقّق من تغذيته بالكهرباء ومن أسلاكه (⁨TX⁩ إلى ⁨RX⁩ و⁨RX⁩ إلى ⁨TX⁩) ومن معدّل البود.",
  "port-other-device": "{port} يجيب، لكنه ليس {device}: تحقّق من البروتوكول المحدَّد له.",
  "port-slept": "يجري الاتصال بـ {port} من جديد بعد السكون. يستغرق هذا لحظة.",
  "port-fails": "تعطّل {port} ({message}): افصل القارئ ثم وصّله من جديد.",
  "ports-unseen": "يتعذّر البحث عن المنافذ التسلسلية لأن {folder} غير موجود: حدّد منفذًا عند التشغيل بـ {flag}.",
  "ports-unlisted": "يتعذّر سرد المنافذ التسلسلية ({message}): حدّد منفذًا عند التشغيل بـ {flag}.",

  "pcscd-missing": "البرنامج ⁨pcscd⁩ لا يعمل ({socket} غير موجود): {command}",
  "pcscd-dead": "انهار البرنامج ⁨pcscd⁩ (لا أحد يجيب على {socket}): {command}",
  "pcscd-not-permitted":
    "لا يُسمح بفتح {socket}: انسخ {rules} إلى {folder}، ثم {command}، وسجّل الدخول من جديد. إن كان هذا قد تمّ: {restart}",
  "pcscd-denied":
    "لا يسمح ⁨pcscd⁩ لهذا المستخدم (⁨polkit⁩): انسخ {rules} إلى {folder}، ثم {command}، وسجّل الدخول من جديد.",
  "pcscd-ended": "توقّف ⁨pcscd⁩. يحاول الكشك من جديد تلقائيًا؛ إن لم يعد: {command}",
  "pcscd-silent": "البرنامج ⁨pcscd⁩ لا يجيب: {command}",
  "pcscd-corrupt": "لا يُفهم ما يقوله ⁨pcscd⁩ ({message}): {command}",
  "pcscd-protocol":
    "يتكلم ⁨pcscd⁩ البروتوكول {theirs}، والكشك {ours}: ثبّت ⁨pcscd⁩ الخاص بتوزيعة لينكس هذه، أو إصدارًا أحدث من برنامج الكشك.",
  "card-service-fails":
    "تعطّلت خدمة قارئات البطاقات ({message}): شغّلها (⁨Linux⁩: {linux}؛ ⁨Windows⁩: {windows})، أو أعد توصيل القارئ.",
  "card-reader-missing": "{reader} غير موجود: وصّله بالمنفذ نفسه.",
  "card-reader-held":
    "يمسك برنامج التشغيل {driver} في النظام بـ {reader}: انسخ {file} إلى {folder}، ثم {command}، وأعد توصيل القارئ.",
  "card-reader-taken":
    "يستخدم برنامج آخر {reader}: أغلق ذلك البرنامج (متصفّح يقرأ البطاقات الذكية، أو ⁨scdaemon⁩ التابع لـ ⁨gpg⁩).",
  "card-reader-denied":
    "لا يسمح ⁨pcscd⁩ لهذا المستخدم باستخدام {reader} (⁨polkit⁩): انسخ {rules} إلى {folder}، ثم {command}، وسجّل الدخول من جديد.",
  "card-reader-unusable": "يتعذّر فتح {reader}: افصله ثم وصّله من جديد.",

  "evtest-missing": "تحتاج قارئات لوحة المفاتيح إلى البرنامج ⁨evtest⁩ كي لا تصل كتابتها إلى أيّ نافذة أخرى: {command}",
  "cat-missing": "يتعذّر الإنصات إلى لوحات المفاتيح لأن البرنامج ⁨cat⁩ غير موجود: {command}",
  "keyboard-not-permitted":
    "لا يُسمح بقراءة {port}: أضف مستخدم الكشك إلى المجموعة {group} ({command}) ثم سجّل الدخول من جديد.",
  "keyboard-taken": "يستخدم برنامج آخر {port}: أغلقه، أو شغّل كشكًا واحدًا فقط ({command} يُظهر اسمه).",
  "keyboard-none": "{port} ليس لوحة مفاتيح: تحقّق من المسار.",
  "keyboard-unheard": "أُوقف البرنامج الذي ينصت إلى {port}. يُعاد تشغيله الآن.",
  "wedges-on-linux":
    "القارئات التي تكتب مثل لوحة المفاتيح تعمل على لينكس فقط: استخدم هنا قارئ ⁨PC/SC⁩ أو قارئًا تسلسليًا.",

  "being-opened": "يجري فتح القارئ الآن.",
  "reader-unusable": "لا يستطيع هذا الإصدار من البرنامج استخدام هذا القارئ: أزله هنا ثم استخدمه من جديد.",
  "mapping-damaged": "كان ما تمثّله القارئات في ملف تالف (احتُفظ به باسم {file}): خصّصها من جديد.",
  "mapping-unreadable":
    "تتعذّر قراءة ما تمثّله القارئات: اجعل {file} في مجلد البيانات قابلًا للقراءة وأعد تشغيل الكشك، أو خصّصها من جديد.",

  "unknown-reader": "لم يعد هذا القارئ مستخدمًا. اختر قارئًا من القائمة.",
  "unknown-device": "لم يعد هذا الجهاز موجودًا. وصّله من جديد.",
  "device-not-heard": "لا يُعرف بعد ما هذا الجهاز. قرّب منه بطاقة أولًا.",
  "too-many-readers": "لا يمكن استخدام قارئات أكثر (الحد الأقصى {most}). أزل قارئًا أولًا.",
  "device-in-use": "هذا الجهاز مستخدم من قبل.",
  "reader-fixed": "حُدّد هذا القارئ في سطر أوامر الكشك. احذف {flag} الخاص به هناك.",
  "mapping-not-stored": "لم يقبل القرص التغيير، فلم يتغيّر شيء. أفرغ مساحة عليه واجعل مجلد البيانات قابلًا للكتابة.",
  "reader-without-signal": "ليس لهذا القارئ مصباح أو جرس يستطيع الكشك تشغيله.",
  "same-reader": "اختر قارئين مختلفين.",
  "format-not-found": "لا يوجد إعداد لاستخدامه. قرّب البطاقة نفسها من القارئين أولًا.",
};
